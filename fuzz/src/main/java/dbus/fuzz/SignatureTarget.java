package dbus.fuzz;

import dbus.wire.InvalidSignatureException;
import dbus.wire.Signature;
import dbus.wire.Type;
import java.nio.charset.StandardCharsets;

/// Any text is a signature, which is printed as it was and is made of its own types, or is refused
/// with a place in it.
public final class SignatureTarget {
  private SignatureTarget() {}

  /// Tries one input.
  ///
  /// @param input the bytes of a text
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    try {
      Signature signature = Signature.parse(text);
      Claim.isTrue(Signature.isValid(text), "valid");
      Claim.areEqual(text, signature.toString());
      Claim.areEqual(signature, Signature.of(signature.types().toArray(Type[]::new)));
      Claim.isTrue(signature.isSingle() == (signature.types().size() == 1), "single");
    } catch (InvalidSignatureException e) {
      Claim.isTrue(!Signature.isValid(text), "invalid");
      Claim.isTrue(e.position() >= 0 && e.position() <= text.length(), e);
    }
  }
}
