package dbus.fuzz;

import dbus.wire.Body;
import dbus.wire.BusName;
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
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The inputs with which fuzzing begins. They are made by the code under test, so that they follow
/// it when it changes.
public final class Seeds {
  private static final List<String> TEXTS =
      List.of(
          "byte 0xff",
          "true",
          "int16 -5",
          "uint16 65535",
          "-2147483648",
          "uint32 4294967295",
          "int64 -9223372036854775808",
          "uint64 18446744073709551615",
          "-0.5",
          "1e300",
          "nan",
          "-inf",
          "'hé\\n\\u202e\"'",
          "\"it's\"",
          "objectpath '/a/b'",
          "signature 'a{sv}'",
          "handle 0",
          "b'bytes\\000'",
          "[byte 0x00, 0x01]",
          "[true, false]",
          "[1, 2, -3]",
          "@ad []",
          "['x', '']",
          "[[1], [], @ai []]",
          "(1,)",
          "('a', uint32 5, [(1, 'x')])",
          "{'key': <uint32 5>, 'other': <'text'>}",
          "@a{sv} {}",
          "{1: {2: 'x'}}",
          "<<<(1, <'x'>)>>>",
          "@(sv) ('s', <[<1>, <'a'>]>)");

  private Seeds() {}

  /// Writes the seeds of each target into a directory of its own.
  ///
  /// @param arguments the directory for these directories
  /// @throws IOException if they cannot be written
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    write(directory.resolve("message"), messages());
    write(directory.resolve("signature"), signatures());
    write(directory.resolve("text"), texts());
    write(directory.resolve("address"), TextSeeds.addresses());
    write(directory.resolve("introspection"), TextSeeds.introspections());
    write(directory.resolve("server-handshake"), HandshakeSeeds.ofClients());
    write(directory.resolve("client-handshake"), HandshakeSeeds.ofServers());
    write(directory.resolve("connection"), ConnectionSeeds.all());
  }

  private static void write(Path directory, List<byte[]> seeds) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(directory.resolve("seed-" + i), seeds.get(i));
    }
  }

  /// Messages of every type, with all header fields, and with every type of value, in both byte
  /// orders.
  static List<byte[]> messages() {
    MethodCall call =
        MethodCall.of(
                new ObjectPath("/org/example/Object"),
                new InterfaceName("org.example.Interface"),
                new MemberName("Method"))
            .withFlags(MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION)
            .withSender(new BusName(":1.42"))
            .withDestination(new BusName("org.example.Service"))
            .withSerial(7);
    List<Message> messages = new ArrayList<>();
    messages.add(MethodCall.of(ObjectPath.ROOT, new MemberName("Ping")));
    messages.add(call);
    messages.add(MethodReturn.to(call));
    messages.add(ErrorMessage.to(call, ErrorName.FAILED, "no luck"));
    messages.add(Signal.of(call.path(), new InterfaceName("a.b"), new MemberName("C")));
    List<Value> values = values();
    values.forEach(value -> messages.add(call.withBody(Body.of(value)).withUnixFds(2)));
    messages.add(call.withBody(Body.of(values.toArray(Value[]::new))).withUnixFds(2));
    return messages.stream()
        .flatMap(message ->
            Stream.of(
                MessageEncoder.encode(message, 1, ByteOrder.LITTLE_ENDIAN),
                MessageEncoder.encode(message, 1, ByteOrder.BIG_ENDIAN)))
        .toList();
  }

  /// The signatures of the values, and those at the limits.
  static List<byte[]> signatures() {
    Stream<String> limits =
        Stream.of(
            "",
            "ybnqiuxtdsoghv",
            "a".repeat(32) + "y",
            "(".repeat(32) + "y" + ")".repeat(32),
            "y".repeat(255),
            "a{s(ia{oav})}");
    return Stream.concat(limits, values().stream().map(value -> value.type().toString()))
        .distinct()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /// Values of every type, as text.
  static List<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static List<Value> values() {
    return TEXTS.stream().map(Value::parse).toList();
  }
}
