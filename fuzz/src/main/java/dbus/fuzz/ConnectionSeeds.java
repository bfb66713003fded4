package dbus.fuzz;

import static dbus.wire.Codec.BYTES;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.VARIANT;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The conversations with a server with which fuzzing begins.
final class ConnectionSeeds {

  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

  private ConnectionSeeds() {}

  /// What a client says before its first message.
  static byte[] handshake() {
    return ascii(
        "\0AUTH EXTERNAL "
            + HandshakeSeeds.hex(Long.toString(FuzzedTransport.UID))
            + "\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n");
  }

  static List<byte[]> all() {
    List<byte[]> seeds = new ArrayList<>();
    List<Message> calls = calls();
    for (Message call : calls) {
      seeds.add(input(ConnectionTarget.AUTHENTICATED, 0, call));
    }
    Message[] together = calls.toArray(Message[]::new);
    seeds.add(input(ConnectionTarget.AUTHENTICATED, 0, together));
    seeds.add(input(ConnectionTarget.AUTHENTICATED | ConnectionTarget.CLOSED, 7, together));
    seeds.add(input(ConnectionTarget.AUTHENTICATED | ConnectionTarget.BROKEN, 1, together));
    seeds.add(
        input(
            ConnectionTarget.AUTHENTICATED
                | ConnectionTarget.SLOW
                | ConnectionTarget.REPEATED
                | ConnectionTarget.CONCURRENT,
            0,
            together));
    byte[] withHandshake = input(0, 3, together);
    withHandshake[2] = 0;
    seeds.add(withHandshake);
    MethodCall drop = call(FuzzedObjects.PATH, FuzzedObjects.NAME, "Drop").withUnixFds(2);
    for (String member : List.of("Drop", "Same")) {
      MethodCall passing =
          MethodCall.of(drop.path(), new InterfaceName(FuzzedObjects.NAME), new MemberName(member))
              .withBody(Body.of(new Value.UnixFd(0)))
              .withUnixFds(2);
      byte[] seed = input(ConnectionTarget.AUTHENTICATED, 0, passing);
      seed[3] = 2;
      seeds.add(seed);
    }
    return seeds;
  }

  private static List<Message> calls() {
    MethodCall ask = call("/a", "a.b", "Ask");
    return List.of(
        call("/", "org.freedesktop.DBus.Peer", "Ping"),
        call("/o", "org.freedesktop.DBus.Peer", "GetMachineId"),
        call("/", "org.freedesktop.DBus.Introspectable", "Introspect"),
        call("/t/x", "org.freedesktop.DBus.Introspectable", "Introspect"),
        call("/o", PROPERTIES, "GetAll").withBody(Body.of(STRING, "a.b")),
        call("/o", PROPERTIES, "Get").withBody(Body.of(text("a.b"), text("Number"))),
        call("/o", PROPERTIES, "Set")
            .withBody(Body.of(text("a.b"), text("Number"), Value.parse("<uint32 5>"))),
        call("/o", "a.b", "Echo").withBody(Body.of(VARIANT, Value.parse("[1, 2]"))),
        call("/o", "a.b", "Size").withBody(Body.of(BYTES, new byte[300])),
        call("/o", "a.b", "Keys").withBody(Body.of(Value.parse("{'a': <1>}"))),
        call("/o", "a.b", "Fail"),
        call("/o", "a.b", "Wait"),
        call("/o", "a.b", "Wait"),
        call("/o", "a.b", "Go").withFlags(MessageFlag.NO_REPLY_EXPECTED),
        call("/o", "a.b", "NoSuch").withBody(Body.of(UINT32, 5L)),
        Signal.of(ask.path(), new InterfaceName("a.b"), new MemberName("C"))
            .withBody(Body.of(STRING, "a")),
        MethodReturn.to(ask.withSerial(1)).withBody(Body.of(STRING, "so")),
        ErrorMessage.to(ask.withSerial(2), ErrorName.FAILED, "no luck"));
  }

  private static MethodCall call(String path, String name, String member) {
    return MethodCall.of(new ObjectPath(path), new InterfaceName(name), new MemberName(member));
  }

  private static byte[] input(int setup, int how, Message... messages) {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.writeBytes(new byte[] {(byte) setup, (byte) how, 0, 0});
    if ((setup & ConnectionTarget.AUTHENTICATED) == 0) {
      input.writeBytes(handshake());
    }
    int serial = 1;
    for (Message message : messages) {
      ByteOrder order = serial % 3 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      input.writeBytes(MessageEncoder.encode(message, serial++, order));
    }
    return input.toByteArray();
  }

  private static Value text(String text) {
    return new Value.Str(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
