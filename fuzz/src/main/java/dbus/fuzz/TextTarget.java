package dbus.fuzz;

import dbus.wire.InvalidValueTextException;
import dbus.wire.Value;
import java.nio.charset.StandardCharsets;

/// Any text is a value, whose own text is read back as the same value, or is refused with a place
/// in it.
public final class TextTarget {
  private TextTarget() {}

  /// Tries one input.
  ///
  /// @param input a text in UTF-8; what is none is replaced
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Value value;
    try {
      value = Value.parse(text);
    } catch (InvalidValueTextException e) {
      Claim.isTrue(e.position() >= 0 && e.position() <= text.length(), e);
      return;
    }
    String printed = value.toText();
    Claim.areEqual(value, Value.parse(printed));
    Claim.areEqual(value, Value.parse(value.type(), printed));
    Claim.areEqual(printed, Value.parse(printed).toText());
  }
}
