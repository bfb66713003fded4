package dbus.testkit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.Direction;
import dbus.server.DBusServer;
import dbus.testkit.interop.InteropService;
import dbus.wire.Body;
import dbus.wire.Message;
import dbus.wire.MessageFlag;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What the options of `dbus auth`, `call`, `emit` and `monitor` do, beside their arguments.
class ClientOptionsTest {

  private final BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<DBusConnection> peers = new LinkedBlockingQueue<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;
  private DBusServer server;
  private String address;

  @BeforeEach
  void start() throws Exception {
    var builder = DBusServer.at("unix:dir=" + directory).onConnection(this::watch);
    InteropService.exportTo(builder);
    server = builder.start();
    address = server.clientAddress().toString();
  }

  private void watch(DBusConnection peer) {
    peers.add(peer);
    var _ =
        peer.addFilter((message, direction) -> {
          if (direction == Direction.INCOMING) {
            seen.add(message);
          }
          return Optional.of(message);
        });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... arguments) {
    CommandLine command = DBusCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  private int call(String... options) {
    return run(
        Stream.concat(
                Stream.of("call", address, "/a", "org.freedesktop.DBus.Peer.Ping"),
                Arrays.stream(options))
            .toArray(String[]::new));
  }

  @Test
  void aCallNamesWhomItIsForAndFrom() throws Exception {
    assertEquals(0, call("--destination", "com.example.Door", "--sender=:1.5"), err::toString);

    Message message = seen.take();
    assertEquals("com.example.Door", message.destination().orElseThrow().value());
    assertEquals(":1.5", message.sender().orElseThrow().value());
  }

  @Test
  void aSignalNamesWhomItIsForAndFrom() throws Exception {
    assertEquals(
        0,
        run("emit", address, "/a", "a.b.C", "--destination=:1.7", "--sender=com.example.Door"),
        err::toString);

    Message message = seen.take();
    assertEquals(":1.7", message.destination().orElseThrow().value());
    assertEquals("com.example.Door", message.sender().orElseThrow().value());
  }

  static List<List<MessageFlag>> flags() {
    return List.of(
        List.of(),
        List.of(MessageFlag.NO_AUTO_START),
        List.of(MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION),
        List.of(
            MessageFlag.NO_REPLY_EXPECTED,
            MessageFlag.NO_AUTO_START,
            MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION));
  }

  @ParameterizedTest
  @MethodSource("flags")
  void aCallHasTheFlagsThatAreAskedFor(List<MessageFlag> flags) throws Exception {
    List<String> options = new ArrayList<>();
    for (MessageFlag flag : flags) {
      options.add(
          switch (flag) {
            case NO_REPLY_EXPECTED -> "--no-reply";
            case NO_AUTO_START -> "--no-auto-start";
            case ALLOW_INTERACTIVE_AUTHORIZATION -> "--interactive-authorization";
          });
    }
    assertEquals(0, call(options.toArray(String[]::new)), err::toString);

    assertEquals(Set.copyOf(flags), seen.take().flags());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--pipelined",
        "--unix-sockets=jdk",
        "--unix-sockets=JUNIXSOCKET",
        "--max-fds=0",
        "--max-fds=253",
        "--max-message=1024",
        "--connect-time=0.9",
        "--allow-other-machines",
        "--mechanism=EXTERNAL",
      })
  void eachCommandConnectsThatWay(String option) throws Exception {
    assertEquals(0, call(option), err::toString);
    assertEquals(0, run("emit", address, "/a", "a.b.C", option), err::toString);
    if (!option.startsWith("--max-message")) {
      assertEquals(0, run("auth", address, option), err::toString);
    }
  }

  @Test
  void withoutDescriptorsTheServerIsNotAskedForThem() {
    assertEquals(0, run("auth", address, "--trace", "--max-fds=0"), err::toString);

    assertTrue(out.toString().contains("authenticated"), out::toString);
    assertFalse(out.toString().contains("NEGOTIATE_UNIX_FD"), out::toString);
  }

  @Test
  void aReplyThatIsTooLongIsNotRead() {
    assertEquals(
        1,
        run(
            "call",
            address,
            InteropService.PATH.value(),
            "org.freedesktop.DBus.Introspectable.Introspect",
            "--max-message=1024",
            "--timeout=20"));

    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForLongerThanAsked() throws Exception {
    // In the backlog of a socket that accepts nobody.
    try (var silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(directory.resolve("silent")));
      String there = "unix:path=" + directory.resolve("silent");
      assertEquals(1, run("call", there, "/", "a.b.C", "--connect-time=0.05"));
      assertEquals(1, run("auth", there, "--connect-time=0.05"));
      assertEquals(1, run("monitor", there, "--connect-time=0.05"));
    }
    assertEquals(3, err.toString().lines().count(), err::toString);
  }

  @Test
  void aMonitorPrintsEvenWhatComesAtOnce() throws Exception {
    try (DBusServer eager =
        DBusServer.at("unix:dir=" + directory).onConnection(this::greet).start()) {
      assertEquals(0, run("monitor", eager.clientAddress().toString()), err::toString);
    }
    assertTrue(out.toString().contains("Hello"), out::toString);
  }

  private void greet(DBusConnection peer) {
    try {
      peer.emit("/a", "a.b", "Hello", Body.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> peer.close(Duration.ofSeconds(5)));
  }

  @Test
  void ofSeveralAddressesEachReasonIsToldOnce() {
    String nowhere = "unix:path=" + directory.resolve("x") + ";unix:path=" + directory.resolve("y");

    assertEquals(1, run("call", nowhere, "/", "a.b.C"));

    assertEquals(1, err.toString().lines().count(), err::toString);
    assertEquals(2, err.toString().split("No such file", -1).length - 1, err::toString);
  }
}
