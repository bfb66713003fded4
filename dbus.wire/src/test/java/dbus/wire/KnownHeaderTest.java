package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A header that says what an earlier one said")
class KnownHeaderTest {
  private static final ObjectPath PATH = new ObjectPath("/org/example/Known");
  private static final InterfaceName INTERFACE = new InterfaceName("org.example.Known");
  private static final MemberName MEMBER = new MemberName("Say");
  private static final MethodCall CALL = MethodCall.of(PATH, INTERFACE, MEMBER);
  private static final MethodCall RECEIVED =
      CALL.withSender(new BusName(":1.1")).withSerial(0x01020304);

  /// Messages that differ from the first of their type in one thing, or in numbers alone.
  private static List<Message> messages() {
    Body text = Body.of(Codec.STRING, "text");
    MethodReturn answer = MethodReturn.to(RECEIVED);
    Signal signal = Signal.of(PATH, INTERFACE, MEMBER);
    ErrorMessage error = ErrorMessage.to(RECEIVED, new ErrorName("a.b"), "text");
    return List.of(
        CALL,
        CALL.withFlags(MessageFlag.NO_REPLY_EXPECTED),
        CALL.withBody(text),
        CALL.withBody(Body.of(Codec.STRING, "another")),
        CALL.withBody(Body.of(Codec.INT32, 1)),
        CALL.withUnixFds(1),
        CALL.withUnixFds(2),
        CALL.withDestination(new BusName("a.b")),
        CALL.withSender(new BusName("a.b")),
        MethodCall.of(PATH, MEMBER),
        MethodCall.of(ObjectPath.ROOT, INTERFACE, MEMBER),
        MethodCall.of(PATH, new InterfaceName("org.example.Other"), MEMBER),
        MethodCall.of(PATH, INTERFACE, new MemberName("Ask")),
        MethodCall.of(new ObjectPath("/" + "a".repeat(2000)), INTERFACE, MEMBER),
        // The same names as other objects.
        MethodCall.of(
            new ObjectPath(PATH.value()),
            new InterfaceName(INTERFACE.value()),
            new MemberName(MEMBER.value())),
        answer,
        MethodReturn.to(RECEIVED.withSerial(7)),
        MethodReturn.to(RECEIVED.withSerial(-1)).withBody(text),
        MethodReturn.to(CALL.withSerial(9)),
        answer.withUnixFds(253),
        error,
        ErrorMessage.to(RECEIVED, new ErrorName("a.c"), "text"),
        ErrorMessage.to(RECEIVED.withSerial(8), new ErrorName("a.b"), "another"),
        signal,
        signal.withBody(text),
        Signal.of(ObjectPath.ROOT, INTERFACE, MEMBER));
  }

  @Test
  @DisplayName("MSG-23: it is written like the first one, whichever messages came before")
  void written() throws InvalidMessageException {
    List<Message> messages = new ArrayList<>(messages());
    // Calls with a reply serial (MSG-17) among them, which are passed on without it.
    for (MessageVector vector : MessageVector.valid()) {
      Message received = MessageDecoder.decode(vector.bytes());
      if (received.type() != MessageType.UNKNOWN) {
        messages.add(received);
      }
    }
    for (Message first : messages) {
      for (Message second : messages) {
        for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
          MessageEncoder encoder = new MessageEncoder();
          int serial = 0x0a0b0c0d;
          for (Message message : List.of(first, second, first, second, second)) {
            encoder.append(message, ++serial, order);
            ByteBuffer bytes = ByteBuffer.allocate(encoder.size());
            encoder.drainTo(bytes);
            assertArrayEquals(
                MessageEncoder.encode(message, serial, order),
                bytes.array(),
                () -> message + " after " + first + " and " + second);
          }
          // The other byte order, behind them.
          ByteOrder other = order == BIG_ENDIAN ? LITTLE_ENDIAN : BIG_ENDIAN;
          int length = encoder.append(second, 1, other);
          byte[] bytes = new byte[length];
          encoder.peek().get(bytes);
          assertArrayEquals(MessageEncoder.encode(second, 1, other), bytes);
        }
      }
    }
  }

  private static String known(byte[] bytes) {
    try {
      MessageDecoder.decode(bytes);
      return "valid";
    } catch (InvalidMessageException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The verdict on a header that is looked at field by field.
  private static String unknown(byte[] bytes) {
    try {
      FixedHeader fixed = FixedHeader.read(bytes, 0, MessageDecoder.MAX_MESSAGE_LENGTH);
      new HeaderParser(bytes, 0, fixed).parse();
      return "valid";
    } catch (InvalidMessageException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static @Nullable Header find(byte[] bytes) throws InvalidMessageException {
    FixedHeader fixed = FixedHeader.read(bytes, 0, MessageDecoder.MAX_MESSAGE_LENGTH);
    return HeaderCache.find(HeaderCache.hash(bytes, 0, fixed), bytes, 0, fixed);
  }

  @Test
  @DisplayName("it is received like the first one, with its own numbers and body")
  void received() throws InvalidMessageException {
    for (Message message : messages()) {
      for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
        byte[] bytes = MessageEncoder.encode(message, 1, order);
        Message first = MessageDecoder.decode(bytes);
        for (int time = 2; time < 5; time++) {
          Message again = MessageDecoder.decode(bytes);
          assertEquals(first, again);
          assertEquals(first.fields(), again.fields());
          assertEquals(first.describe(), again.describe());
        }
        byte[] numbered = MessageEncoder.encode(message, 0x0a0b0c0d, order);
        numbered[2] |= 2;
        Message again = MessageDecoder.decode(numbered);
        assertEquals(0x0a0b0c0d, again.serial());
        assertEquals(true, again.flags().contains(MessageFlag.NO_AUTO_START));
        assertEquals(first.body(), again.body());
        assertEquals(first.fields(), again.fields());
      }
    }
  }

  @Test
  @DisplayName("a call and a signal are found from the third time on, and share their names")
  void found() throws InvalidMessageException {
    MethodCall call = MethodCall.of(PATH, INTERFACE, new MemberName("Found"));
    byte[] bytes = MessageEncoder.encode(call.withBody(Body.of(Codec.INT32, 1)), 1, BIG_ENDIAN);
    assertNull(find(bytes));
    MessageDecoder.decode(bytes);
    assertNull(find(bytes), "once is not enough");
    MessageDecoder.decode(bytes);
    Header known = find(bytes);
    assertNotNull(known);
    assertSame(known.path(), ((MethodCall) MessageDecoder.decode(bytes)).path());
    assertEquals(0, known.data.length, "it keeps no message in memory");
    assertNull(known.body, "nor a body");
    bytes[1] = 4;
    assertNull(find(bytes), "the same fields of another type");
  }

  @Test
  @DisplayName("WIRE-06: its fields in the byte order of another message are refused as ever")
  void wrongByteOrder() throws InvalidMessageException {
    MethodCall call = MethodCall.of(PATH, INTERFACE, new MemberName("Order"));
    byte[] bytes = MessageEncoder.encode(call, 1, LITTLE_ENDIAN);
    for (int time = 0; time < 3; time++) {
      MessageDecoder.decode(bytes);
    }
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
    int fieldsLength = numbers.getInt(12);
    numbers.order(BIG_ENDIAN).put(0, (byte) 'B').putInt(8, 1).putInt(12, fieldsLength);
    assertEquals(
        Violation.OVERRUN,
        assertThrows(InvalidMessageException.class, () -> MessageDecoder.decode(bytes))
            .violation());
  }

  @Test
  @DisplayName("WIRE-34: every change of one bit gets the verdict that it gets for the first time")
  void everyChange() throws InvalidMessageException {
    for (Message message : messages()) {
      if (message.body().isEmpty()) {
        byte[] bytes = MessageEncoder.encode(message, 1, LITTLE_ENDIAN);
        for (int time = 0; time < 3; time++) {
          MessageDecoder.decode(bytes);
        }
        for (int bit = 8 * FixedHeader.LENGTH; bit < 8 * Math.min(bytes.length, 512); bit++) {
          byte[] changed = bytes.clone();
          changed[bit / 8] ^= (byte) (1 << bit % 8);
          assertEquals(unknown(changed), known(changed), message + " with another bit " + bit);
        }
      }
    }
  }
}
