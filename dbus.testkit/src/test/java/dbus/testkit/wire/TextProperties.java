package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.BusName;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidSignatureException;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signature;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// Any text is a name or a signature, or leads to the documented exception, and the two ways to ask
/// agree.
class TextProperties {
  private static final String ELEMENT = "[A-Za-z_][A-Za-z0-9_]*";
  private static final String BUS_ELEMENT = "[A-Za-z_-][A-Za-z0-9_-]*";

  @Property(tries = 5000)
  @Label("WIRE-30, WIRE-31, SEC-02 a text is a signature exactly if the grammar says so")
  void signatures(@ForAll("signatureTexts") String text) {
    boolean valid = ReferenceGrammar.isSignature(text);

    Statistics.label("valid")
        .collect(valid)
        .coverage(seen -> {
          seen.check(true).count(n -> n > 500);
          seen.check(false).count(n -> n > 500);
        });
    assertEquals(valid, Signature.isValid(text), text);
    try {
      assertEquals(text, Signature.parse(text).toString());
      assertTrue(valid, text);
    } catch (InvalidSignatureException e) {
      assertTrue(e.position() >= 0 && e.position() <= text.length(), e.getMessage());
      assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
    }
  }

  @Property(tries = 4000)
  @Label("NAME-01 to NAME-08 a text is a name exactly if the grammar says so")
  void names(@ForAll("nameTexts") String text) {
    check(text, isShort(text) && text.matches(ELEMENT), MemberName::isValid, MemberName::new);
    boolean dotted = isShort(text) && text.matches(ELEMENT + "(\\." + ELEMENT + ")+");
    check(text, dotted, InterfaceName::isValid, InterfaceName::new);
    check(text, dotted, ErrorName::isValid, ErrorName::new);
    check(
        text,
        isShort(text)
            && text.matches(
                BUS_ELEMENT + "(\\." + BUS_ELEMENT + ")+|:[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+"),
        BusName::isValid,
        BusName::new);
    check(text, text.matches("/|(/[A-Za-z0-9_]+)+"), ObjectPath::isValid, ObjectPath::new);
  }

  private static void check(
      String text,
      boolean expected,
      Function<String, Boolean> isValid,
      Function<String, Object> make) {
    Statistics.label("valid").collect(expected);
    assertEquals(expected, isValid.apply(text), text);
    try {
      assertEquals(text, make.apply(text).toString());
      assertTrue(expected, text);
    } catch (IllegalArgumentException e) {
      assertTrue(!expected, e.getMessage());
      assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
    }
  }

  private static boolean isShort(String text) {
    return text.length() <= 255;
  }

  @Provide
  Arbitrary<String> signatureTexts() {
    return Arbitraries.oneOf(
        WireTexts.signatures(), WireTexts.signatures(), Arbitraries.strings().ofMaxLength(12));
  }

  @Provide
  Arbitrary<String> nameTexts() {
    return Arbitraries.oneOf(
        WireTexts.names(), WireTexts.names(), Arbitraries.strings().ofMaxLength(12));
  }
}
