package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;

/// What tests expect of the bytes of a message.
final class Decoding {
  private Decoding() {}

  static MessageDecoder decoder(byte[] bytes) {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    return decoder;
  }

  static InvalidMessageException refused(byte[] bytes) {
    return assertThrows(InvalidMessageException.class, () -> decoder(bytes).next());
  }

  static void refuse(Violation violation, int offset, byte[] bytes) {
    InvalidMessageException e = refused(bytes);
    assertEquals(violation, e.violation(), e.getMessage());
    assertEquals(offset, e.offset(), e.getMessage());
  }
}
