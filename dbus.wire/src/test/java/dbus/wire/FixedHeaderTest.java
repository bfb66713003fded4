package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The first sixteen bytes of a message, and the numbers in its fields")
class FixedHeaderTest {
  private static final List<ByteOrder> ORDERS = List.of(LITTLE_ENDIAN, BIG_ENDIAN);

  @Test
  @DisplayName("MSG-04: every version of the protocol but 1 is refused")
  void versions() throws InvalidMessageException {
    for (int version = 0; version < 256; version++) {
      byte[] bytes = RawMessage.ping(LITTLE_ENDIAN).bytes();
      bytes[3] = (byte) version;
      if (version == 1) {
        assertTrue(Decoding.decoder(bytes).next().isPresent());
      } else {
        Decoding.refuse(Violation.PROTOCOL_VERSION, 3, bytes);
      }
    }
  }

  @Test
  @DisplayName(
      "MSG-05, MSG-06: 0 is no type, 1 to 4 are the four types, all others are unknown ones")
  void types() throws InvalidMessageException {
    Map<Integer, Class<? extends Message>> known =
        Map.of(
            1, MethodCall.class,
            2, MethodReturn.class,
            3, ErrorMessage.class,
            4, Signal.class);
    for (int type = 0; type < 256; type++) {
      byte[] bytes =
          RawMessage.empty(BIG_ENDIAN)
              .type(type)
              .text(1, 'o', "/")
              .text(2, 's', "a.b")
              .text(3, 's', "M")
              .text(4, 's', "a.c")
              .number(5, 7)
              .bytes();
      if (type == 0) {
        Decoding.refuse(Violation.MESSAGE_TYPE, 1, bytes);
      } else {
        assertInstanceOf(
            known.getOrDefault(type, UnknownMessage.class),
            Decoding.decoder(bytes).next().orElseThrow());
      }
    }
  }

  @Test
  @DisplayName("MSG-07: a serial of 0 is refused, and never written; every other one is a serial")
  void serials() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      byte[] bytes = RawMessage.ping(order).bytes();
      ByteBuffer serial = ByteBuffer.wrap(bytes).order(order);
      serial.putInt(8, 0);
      Decoding.refuse(Violation.SERIAL_ZERO, 8, bytes);
      for (int number : List.of(1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1 << 24)) {
        serial.putInt(8, number);
        assertEquals(number, Decoding.decoder(bytes).next().orElseThrow().serial());
      }
      MethodCall call = MethodCall.of(ObjectPath.ROOT, new MemberName("M")).withSerial(5);
      MessageEncoder encoder = new MessageEncoder();
      assertThrows(IllegalArgumentException.class, () -> encoder.append(call, 0, order));
      assertThrows(
          IllegalArgumentException.class,
          () -> encoder.append(call, 0, order, Signature.EMPTY, w -> {}));
      assertThrows(IllegalArgumentException.class, () -> MessageEncoder.encode(call, 0, order));
      assertEquals(0, encoder.size());
    }
  }

  @Test
  @DisplayName("MSG-19: a reply serial of 0 is refused, in every type of message")
  void replySerials() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      for (int type = 1; type < 6; type++) {
        RawMessage message =
            RawMessage.empty(order)
                .type(type)
                .text(1, 'o', "/")
                .text(2, 's', "a.b")
                .text(3, 's', "M")
                .text(4, 's', "a.c");
        int at = (message.bytes().length + 7 & -8) + 4;
        Decoding.refuse(Violation.REPLY_SERIAL_ZERO, at, message.number(5, 0).bytes());
      }
      byte[] last = RawMessage.empty(order).type(2).number(5, -1).bytes();
      assertEquals(-1, ((MethodReturn) Decoding.decoder(last).next().orElseThrow()).replySerial());
    }
  }
}
