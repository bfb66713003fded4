package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageTest {
  private static final ObjectPath PATH = new ObjectPath("/a/b");
  private static final InterfaceName INTERFACE = new InterfaceName("a.B");
  private static final MemberName MEMBER = new MemberName("Do");

  @Test
  @DisplayName("MSG-24: a changed copy leaves the message as it was, and shares the body")
  void copies() {
    MethodCall call = MethodCall.of(PATH, INTERFACE, MEMBER);
    Body body = Body.of(Codec.STRING, "x");
    MethodCall changed =
        call.withBody(body)
            .withSerial(7)
            .withFlags(MessageFlag.NO_REPLY_EXPECTED, MessageFlag.NO_AUTO_START)
            .withDestination(new BusName(":1.2"))
            .withSender(new BusName("a.b"))
            .withUnixFds(2);
    assertEquals(MethodCall.of(PATH, INTERFACE, MEMBER), call);
    assertEquals(0, call.serial());
    assertEquals(Set.of(), call.flags());
    assertEquals(7, changed.serial());
    assertEquals(Set.of(MessageFlag.NO_REPLY_EXPECTED, MessageFlag.NO_AUTO_START), changed.flags());
    assertTrue(changed.noReplyExpected());
    assertEquals(Optional.of(new BusName(":1.2")), changed.destination());
    assertEquals(Optional.of(new BusName("a.b")), changed.sender());
    assertEquals(2, changed.unixFds());
    assertSame(body, changed.body());
    assertNotEquals(call, changed);
  }

  @Test
  @DisplayName("MSG-18: a call may leave the interface out")
  void callWithoutInterface() {
    assertEquals(Optional.empty(), MethodCall.of(PATH, MEMBER).interfaceName());
  }

  @Test
  @DisplayName(
      "MSG-10, MSG-25: a return has the call's serial, its sender as destination, and flag 1")
  void methodReturn() {
    MethodCall call = MethodCall.of(PATH, MEMBER).withSerial(9).withSender(new BusName(":1.5"));
    MethodReturn reply = MethodReturn.to(call);
    assertEquals(MessageType.METHOD_RETURN, reply.type());
    assertEquals(9, reply.replySerial());
    assertEquals(Optional.of(new BusName(":1.5")), reply.destination());
    assertTrue(reply.noReplyExpected());
    assertEquals(Optional.empty(), MethodReturn.to(call.withSerial(-1)).sender());
    assertEquals(-1, MethodReturn.to(call.withSerial(-1)).replySerial());
    assertThrows(
        IllegalArgumentException.class, () -> MethodReturn.to(MethodCall.of(PATH, MEMBER)));
  }

  @Test
  @DisplayName("MSG-26: an error carries its text as the first argument; other bodies have none")
  void errorMessage() {
    MethodCall call = MethodCall.of(PATH, MEMBER).withSerial(9);
    ErrorMessage error = ErrorMessage.to(call, ErrorName.FAILED, "no luck");
    assertEquals(ErrorName.FAILED, error.errorName());
    assertEquals(9, error.replySerial());
    assertEquals(Optional.of("no luck"), error.text());
    assertEquals(Optional.empty(), error.withBody(Body.EMPTY).text());
    assertEquals(Optional.empty(), error.withBody(Body.of(Value.of(1), Value.of("x"))).text());
    assertEquals(Optional.of("x"), error.withBody(Body.of(Value.of("x"), Value.of(1))).text());
  }

  @Test
  @DisplayName("MSG-10: a signal has all that it needs, and flag 1")
  void signal() {
    Signal signal = Signal.of(PATH, INTERFACE, MEMBER);
    assertEquals(PATH, signal.path());
    assertEquals(INTERFACE, signal.interfaceName());
    assertEquals(MEMBER, signal.member());
    assertTrue(signal.noReplyExpected());
  }

  @Test
  @DisplayName("MSG-08: unknown flags are seen by nobody and not written")
  void unknownFlags() throws InvalidMessageException {
    Message message = decode(MessageVector.get("V-09").bytes());
    assertEquals(Set.of(), message.flags());
    assertFalse(message.noReplyExpected());
    assertEquals(0, MessageEncoder.encode(message, 1, ByteOrder.LITTLE_ENDIAN)[2]);
  }

  @Test
  @DisplayName("MSG-09: the flags for a bus are carried on calls, and set by the program only")
  void flagsForABus() throws InvalidMessageException {
    Set<MessageFlag> forABus =
        Set.of(MessageFlag.NO_AUTO_START, MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION);
    MethodCall call = MethodCall.of(PATH, MEMBER);
    MethodCall flagged = call.withFlags(forABus.toArray(MessageFlag[]::new));
    byte[] bytes = MessageEncoder.encode(flagged, 1, ByteOrder.LITTLE_ENDIAN);
    assertEquals(6, bytes[2]);
    Message received = decode(bytes);
    assertEquals(forABus, received.flags());
    assertFalse(received.noReplyExpected());
    MethodCall answered = flagged.withSerial(1);
    for (Message plain :
        List.of(
            call,
            Signal.of(PATH, INTERFACE, MEMBER),
            MethodReturn.to(answered),
            ErrorMessage.to(answered, ErrorName.FAILED, "no luck"))) {
      assertTrue(java.util.Collections.disjoint(plain.flags(), forABus), plain::toString);
    }
  }

  @Test
  @DisplayName("MSG-09: the flags for a bus change nothing else on a message of any other type")
  void flagsForABusOnOtherTypes() throws InvalidMessageException {
    MethodCall answered = MethodCall.of(PATH, MEMBER).withSerial(1);
    for (Message message :
        List.of(
            Signal.of(PATH, INTERFACE, MEMBER),
            MethodReturn.to(answered),
            ErrorMessage.to(answered, ErrorName.FAILED, "no luck"))) {
      byte[] bytes = MessageEncoder.encode(message, 1, ByteOrder.LITTLE_ENDIAN);
      Message plain = decode(bytes);
      byte[] flagged = bytes.clone();
      flagged[2] |= 2 | 4;
      Message received = decode(flagged);
      assertEquals(plain.type(), received.type());
      assertEquals(plain.noReplyExpected(), received.noReplyExpected());
      assertEquals(plain.fields(), received.fields());
      assertEquals(plain.body(), received.body());
      // What was received is passed on as it came.
      assertArrayEquals(flagged, MessageEncoder.encode(received, 1, ByteOrder.LITTLE_ENDIAN));
    }
  }

  @Test
  @DisplayName("a received message can be changed into another byte order without losing its names")
  void receivedThenChanged() throws InvalidMessageException {
    MethodCall call =
        MethodCall.of(PATH, INTERFACE, MEMBER)
            .withSender(new BusName(":1.5"))
            .withDestination(new BusName("a.b"))
            .withSerial(3);
    MethodCall received = (MethodCall) decode(MessageEncoder.encode(call, 3, ByteOrder.BIG_ENDIAN));
    Body little = Body.write(Signature.parse("i"), ByteOrder.LITTLE_ENDIAN, w -> w.writeInt32(1));
    assertEquals(call.withBody(little), received.withBody(little));
    assertEquals(ByteOrder.LITTLE_ENDIAN, received.withBody(little).byteOrder());
    assertEquals(call.withSerial(4), received.withSerial(4));
  }

  @Test
  @DisplayName("SEC-26: file descriptor indices survive both byte orders")
  void unixFds() throws InvalidMessageException {
    Message call =
        MethodCall.of(PATH, MEMBER)
            .withBody(Body.of(new Value.UnixFd(0), new Value.UnixFd(1)))
            .withUnixFds(2)
            .withSerial(1);
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      Message got = decode(MessageEncoder.encode(call, 1, order));
      assertEquals(call, got);
      assertEquals(2, got.unixFds());
    }
  }

  @Test
  @DisplayName("FD-05: a received message does not lose the descriptors that its body needs")
  void receivedUnixFds() throws InvalidMessageException {
    Message call =
        MethodCall.of(PATH, MEMBER).withBody(Body.of(new Value.UnixFd(1))).withUnixFds(2);
    MethodCall received = (MethodCall) decode(MessageEncoder.encode(call, 1, ByteOrder.BIG_ENDIAN));
    MethodCall fewer = received.withUnixFds(1);
    assertThrows(IllegalArgumentException.class, () -> new MessageEncoder().append(fewer, 1));
    assertTrue(new MessageEncoder().append(fewer.withUnixFds(2), 1) > 0);
  }

  @Test
  @DisplayName("FD-06: no message has more than 253 descriptors")
  void unixFdsLimit() {
    MethodCall call = MethodCall.of(PATH, MEMBER);
    assertEquals(253, call.withUnixFds(253).unixFds());
    assertThrows(IllegalArgumentException.class, () -> call.withUnixFds(254));
    assertThrows(IllegalArgumentException.class, () -> call.withUnixFds(-1));
  }

  @Test
  @DisplayName("MSG-28, SEC-07: the text of a message is one bounded line without the arguments")
  void text() {
    MethodCall call =
        MethodCall.of(new ObjectPath("/" + "a".repeat(100_000)), INTERFACE, MEMBER)
            .withSerial(-1)
            .withBody(Body.of(Codec.STRING, "secret"));
    String text = call.toString();
    assertTrue(text.startsWith("MethodCall #4294967295 path=\"/aaa"), text);
    assertTrue(text.contains("interface=\"a.B\" member=\"Do\" [s, 11 bytes]"), text);
    assertFalse(text.contains("secret"), text);
    assertTrue(text.length() < 500, text);
  }

  private static Message decode(byte[] bytes) throws InvalidMessageException {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    return decoder.next().orElseThrow();
  }
}
