package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("MSG-17: a header field that its type of message does not need")
class UnneededFieldsTest {
  private static final List<ByteOrder> ORDERS = List.of(LITTLE_ENDIAN, BIG_ENDIAN);
  private static final int CALL = 1;
  private static final int RETURN = 2;
  private static final int ERROR = 3;
  private static final int SIGNAL = 4;

  /// A message with every field that any type needs.
  private static RawMessage everyField(ByteOrder order, int type) {
    return RawMessage.empty(order)
        .type(type)
        .text(1, 'o', "/a")
        .text(2, 's', "a.b")
        .text(3, 's', "Member")
        .text(4, 's', "a.b.Error")
        .number(5, 7);
  }

  private static boolean has(Message message, HeaderField.Known field) {
    return message.fields().stream().anyMatch(one -> one.known().equals(Optional.of(field)));
  }

  private static Message again(Message message, ByteOrder order) throws InvalidMessageException {
    return MessageDecoder.decode(MessageEncoder.encode(message, 1, order));
  }

  @Test
  @DisplayName("is accepted on every type, and what the type needs is read beside it")
  void accepted() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      MethodCall call =
          assertInstanceOf(
              MethodCall.class, MessageDecoder.decode(everyField(order, CALL).bytes()));
      assertEquals(
          "/a a.b Member",
          call.path() + " " + call.interfaceName().orElseThrow() + " " + call.member());
      MethodReturn reply =
          assertInstanceOf(
              MethodReturn.class, MessageDecoder.decode(everyField(order, RETURN).bytes()));
      assertEquals(7, reply.replySerial());
      ErrorMessage error =
          assertInstanceOf(
              ErrorMessage.class, MessageDecoder.decode(everyField(order, ERROR).bytes()));
      assertEquals(7, error.replySerial());
      assertEquals("a.b.Error", error.errorName().value());
      Signal signal =
          assertInstanceOf(Signal.class, MessageDecoder.decode(everyField(order, SIGNAL).bytes()));
      assertEquals(
          "/a a.b Member", signal.path() + " " + signal.interfaceName() + " " + signal.member());
    }
  }

  @Test
  @DisplayName(
      "is not written again on a call or signal if it is REPLY_SERIAL, as sd-bus refuses it")
  void noReplySerial() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      for (int type : List.of(CALL, SIGNAL)) {
        byte[] bytes = everyField(order, type).bytes();
        // Three times, since a header that comes again is found by its bytes.
        for (int time = 0; time < 3; time++) {
          Message received = MessageDecoder.decode(bytes);
          assertTrue(has(received, HeaderField.Known.REPLY_SERIAL), "as it was received");
          for (ByteOrder written : ORDERS) {
            Message again = again(received, written);
            assertFalse(has(again, HeaderField.Known.REPLY_SERIAL), again::describe);
            assertEquals(received, again);
          }
          assertFalse(received.toString().contains("#7"), received::toString);
        }
      }
    }
  }

  @Test
  @DisplayName("is not written either if the received message was changed")
  void changed() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      MethodCall call = (MethodCall) MessageDecoder.decode(everyField(order, CALL).bytes());
      Signal signal = (Signal) MessageDecoder.decode(everyField(order, SIGNAL).bytes());
      Body body = Body.of(Codec.STRING, "text");
      for (Message message :
          List.of(
              call.withSerial(3),
              call.withBody(body),
              call.withSender(new BusName(":1.2")),
              signal.withBody(body))) {
        assertFalse(has(message, HeaderField.Known.REPLY_SERIAL), message::describe);
        assertFalse(has(again(message, order), HeaderField.Known.REPLY_SERIAL), message::describe);
      }
    }
  }

  @Test
  @DisplayName("stays REPLY_SERIAL on the answers, which need it")
  void answers() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      for (int type : List.of(RETURN, ERROR)) {
        Message received = MessageDecoder.decode(everyField(order, type).bytes());
        assertEquals(received, again(received, order));
        assertTrue(has(again(received, order), HeaderField.Known.REPLY_SERIAL));
      }
    }
  }

  @Test
  @DisplayName("must be valid nevertheless")
  void valid() {
    for (ByteOrder order : ORDERS) {
      RawMessage zero = RawMessage.ping(order).number(5, 0);
      int at = zero.bytes().length - 4;
      Decoding.refuse(Violation.REPLY_SERIAL_ZERO, at, zero.bytes());
    }
  }
}
