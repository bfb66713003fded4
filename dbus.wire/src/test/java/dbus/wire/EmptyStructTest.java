package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("WIRE-16: a struct without fields is invalid")
class EmptyStructTest {
  private static final List<ByteOrder> ORDERS = List.of(LITTLE_ENDIAN, BIG_ENDIAN);

  @ParameterizedTest
  @ValueSource(strings = {"()", "a()", "(())", "(i())", "a{s()}", "i()", "()i", "a(())", "(()i)"})
  @DisplayName("in a signature, wherever it stands there")
  void signature(String text) {
    assertFalse(Signature.isValid(text));
    assertThrows(InvalidSignatureException.class, () -> Signature.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "a()", "(())"})
  @DisplayName("in the header field SIGNATURE")
  void field(String text) {
    for (ByteOrder order : ORDERS) {
      RawMessage message = RawMessage.ping(order).signature(text);
      refuse(Violation.SIGNATURE, message.body().bytes());
      refuse(Violation.SIGNATURE, message.body(new byte[8]).bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"()", "a()", "(())"})
  @DisplayName("as the type of a variant, in a body and in a header field")
  void variant(String text) {
    byte[] variant = ByteBuffer.allocate(16).put(marshalled(text)).array();
    for (ByteOrder order : ORDERS) {
      refuse(Violation.SIGNATURE, RawMessage.ping(order).signature("v").body(variant).bytes());
      refuse(Violation.SIGNATURE, RawMessage.ping(order).field(10, variant).bytes());
    }
  }

  @Test
  @DisplayName("as a value of type SIGNATURE")
  void value() {
    for (ByteOrder order : ORDERS) {
      byte[] bytes = RawMessage.ping(order).signature("g").body(marshalled("()")).bytes();
      refuse(Violation.SIGNATURE, bytes);
    }
  }

  @Test
  @DisplayName("as a type, a value, a text, and a codec")
  void objects() {
    assertThrows(IllegalArgumentException.class, () -> new StructType(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Value.Struct(List.of()));
    assertThrows(IllegalArgumentException.class, Value.Struct::of);
    assertThrows(InvalidValueTextException.class, () -> Value.parse("()"));
    assertThrows(InvalidValueTextException.class, () -> Value.parse("@() ()"));
    assertThrows(IllegalArgumentException.class, () -> Codec.<String>struct(_ -> _ -> "nothing"));
  }

  private static byte[] marshalled(String text) {
    byte[] bytes = new byte[text.length() + 2];
    bytes[0] = (byte) text.length();
    for (int i = 0; i < text.length(); i++) {
      bytes[i + 1] = (byte) text.charAt(i);
    }
    return bytes;
  }

  private static void refuse(Violation violation, byte[] bytes) {
    InvalidMessageException e =
        assertThrows(InvalidMessageException.class, () -> MessageDecoder.decode(bytes));
    assertEquals(violation, e.violation(), e::getMessage);
  }
}
