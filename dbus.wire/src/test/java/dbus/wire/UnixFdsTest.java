package dbus.wire;

import static dbus.wire.Codec.UNIX_FD_INDEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// File descriptors as arguments of a message.
class UnixFdsTest {

  private static final ObjectPath PATH = new ObjectPath("/");
  private static final MethodCall CALL = MethodCall.of(PATH, new MemberName("Take"));

  /// A descriptor without an operating system.
  private static final class Fake implements UnixFdHandle {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Fake first = new Fake();
  private final Fake second = new Fake();

  private Body twoOfThem() {
    return Body.write(
        Signature.parse("hsh"),
        writer -> {
          writer.writeUnixFdHandle(first);
          writer.writeString("between");
          writer.writeUnixFdHandle(second);
        });
  }

  @Test
  @DisplayName("FD-05 descriptors are counted from 0 as they are written")
  void countedFromZero() {
    Body body = twoOfThem();
    assertEquals(new Value.UnixFd(0), body.values().get(0));
    assertEquals(new Value.UnixFd(1), body.values().get(2));
    assertEquals(List.of(first, second), body.unixFds().asList());
  }

  @Test
  @DisplayName("FD-01 a message declares the descriptors of its body")
  void declared() {
    assertEquals(2, CALL.withBody(twoOfThem()).unixFds());
  }

  static Stream<Message> messages() {
    MethodCall asked = CALL.withSerial(1);
    return Stream.of(
        CALL,
        Signal.of(ObjectPath.ROOT, new InterfaceName("com.example.A1"), new MemberName("Said")),
        MethodReturn.to(asked),
        ErrorMessage.to(asked, ErrorName.FAILED, "no"));
  }

  private static Message withBody(Message message, Body body) {
    return switch (message) {
      case MethodCall call -> call.withBody(body);
      case Signal signal -> signal.withBody(body);
      case MethodReturn reply -> reply.withBody(body);
      case ErrorMessage error -> error.withBody(body);
      case UnknownMessage unknown -> throw new AssertionError(unknown);
    };
  }

  @ParameterizedTest
  @MethodSource("messages")
  @DisplayName("FD-01 with another body a message declares that one's descriptors, and no others")
  void declaredOfTheNewBody(Message message) throws Exception {
    Body text = Body.of(Codec.STRING, "none");
    Message before = withBody(message, twoOfThem());
    assertEquals(2, before.unixFds());
    assertEquals(0, withBody(before, text).unixFds());
    assertEquals(withBody(message, text), withBody(before, text));
    assertEquals(0, withBody(before.withUnixFds(UnixFds.of(first)), Body.EMPTY).unixFds());
    byte[] bytes = MessageEncoder.encode(withBody(before, text), 1, order());
    assertEquals(0, MessageDecoder.decode(bytes).unixFds());
    assertEquals(2, withBody(withBody(before, text), twoOfThem()).unixFds());
  }

  @Test
  @DisplayName("FD-05 the same descriptor twice travels once")
  void sameTwice() {
    Body body =
        Body.write(
            Signature.parse("hh"),
            writer -> {
              writer.writeUnixFdHandle(first);
              writer.writeUnixFdHandle(first);
            });
    assertEquals(1, body.unixFds().size());
    assertEquals(new Value.UnixFd(0), body.values().get(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("FD-20 descriptors and what counts them come together again, in both byte orders")
  void receivedInBothByteOrders(boolean little) throws Exception {
    ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    byte[] bytes = MessageEncoder.encode(CALL.withBody(twoOfThem()), 1, order);
    Message decoded = MessageDecoder.decode(bytes);
    assertEquals(2, decoded.unixFds());
    assertTrue(decoded.body().unixFds().isEmpty());

    Message whole = decoded.withUnixFds(UnixFds.of(first, second));
    WireReader reader = assertInstanceOf(MethodCall.class, whole).body().reader();
    assertSame(first, reader.readUnixFdHandle());
    assertEquals("between", reader.readString());
    assertSame(second, reader.readUnixFdHandle());
  }

  @Test
  void anotherByteOrderKeepsThem() {
    Body body = twoOfThem();
    ByteOrder other =
        body.byteOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    assertEquals(body.unixFds().asList(), body.withByteOrder(other).unixFds().asList());
  }

  @Test
  void theyNeedNotBeArguments() throws Exception {
    MethodCall call = CALL.withUnixFds(UnixFds.of(first));
    assertEquals(1, call.unixFds());
    assertSame(first, call.body().unixFds().get(0));
    assertEquals(1, MessageDecoder.decode(MessageEncoder.encode(call, 1, order())).unixFds());
  }

  private static ByteOrder order() {
    return ByteOrder.nativeOrder();
  }

  @Test
  void aBodyWithoutItsDescriptorsCannotGiveThem() {
    WireReader reader = Body.of(UNIX_FD_INDEX, 3).reader();
    assertThrows(IllegalStateException.class, reader::readUnixFdHandle);
  }

  @Test
  @DisplayName("FD-22 a list closes what is in it")
  void closesAll() {
    try (UnixFds fds = UnixFds.of(first, second)) {
      assertSame(second, fds.get(1));
      assertFalse(first.closed);
    }
    assertTrue(first.closed && second.closed);
  }

  @Test
  @DisplayName("FD-06 more than 253 are not taken, and stay with whoever has them")
  void tooMany() {
    assertThrows(IllegalArgumentException.class, () -> UnixFds.of(Collections.nCopies(254, first)));
    assertFalse(first.closed);
  }
}
