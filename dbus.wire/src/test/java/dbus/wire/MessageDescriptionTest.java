package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("MSG-28: the description of a message")
class MessageDescriptionTest {
  private static final MethodCall CALL =
      MethodCall.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("Put"));

  @Test
  @DisplayName("shows all fields and arguments")
  void shown() throws InvalidMessageException {
    MethodCall call =
        CALL.withFlags(MessageFlag.NO_REPLY_EXPECTED)
            .withDestination(new BusName("c.d"))
            .withSender(new BusName(":1.2"))
            .withBody(
                Body.of(Value.of(Map.of("k", 1)), new Value.Str("a\n\u2028b"), new Value.UnixFd(0)))
            .withUnixFds(1);
    String expected =
        """
        MethodCall, big-endian
          serial: 4294967295
          flags: [NO_REPLY_EXPECTED]
          path: "/a"
          interface: "a.b"
          member: "Put"
          destination: "c.d"
          sender: ":1.2"
          unix fds: 1
          signature: "a{si}sh"
          argument: {'k': 1}
          argument: 'a\\n\\u2028b'
          argument: handle 0
        """;
    byte[] bytes = MessageEncoder.encode(call, -1, ByteOrder.BIG_ENDIAN);
    assertEquals(expected, MessageDecoder.decode(bytes).describe());
  }

  @Test
  @DisplayName("shows the fields of an answer")
  void answer() {
    assertTrue(
        ErrorMessage.to(CALL.withSerial(7), ErrorName.INVALID_ARGS, "why")
            .describe()
            .endsWith(
                """
                  flags: [NO_REPLY_EXPECTED]
                  error name: "org.freedesktop.DBus.Error.InvalidArgs"
                  reply serial: 7
                  signature: "s"
                  argument: 'why'
                """));
  }

  @Test
  @DisplayName("is bounded, whatever is long in the message")
  void bounded() {
    String longText = "😀".repeat(10_000);
    List<Body> bodies =
        List.of(
            Body.of(Codec.STRING, longText),
            Body.of(Codec.BYTES, new byte[1 << 20]),
            Body.of(Codec.BYTES, new byte[60_000]),
            Body.of(Codec.listOf(Codec.STRING), List.of("x".repeat(3000), "y".repeat(3000))),
            Body.of(Codec.listOf(Codec.INT32), java.util.Collections.nCopies(10_000, 1)));
    MethodCall call = MethodCall.of(new ObjectPath("/" + "p".repeat(100_000)), new MemberName("M"));
    for (Body body : bodies) {
      String description = call.withBody(body).describe();
      assertTrue(description.length() < 6000, description.length() + " characters");
      assertTrue(description.endsWith("\n"));
      assertEquals(
          description,
          new String(
              description.getBytes(java.nio.charset.StandardCharsets.UTF_8),
              java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
