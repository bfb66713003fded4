package dbus.testkit.cli;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT16;
import static dbus.wire.Codec.OBJECT_PATH;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.Direction;
import dbus.connection.Interface;
import dbus.server.DBusServer;
import dbus.wire.Body;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.Signal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What `dbus call`, `dbus emit` and `dbus monitor` do and print.
class CallCommandTest {

  private final BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;
  private DBusServer server;
  private String address;

  @BeforeEach
  void start() throws Exception {
    Interface door =
        Interface.named("com.example.Door1")
            .method("Move", in("by", INT16), out("by", INT16), by -> by)
            .method("Say", in("text", STRING), out("text", STRING), text -> text)
            .method("Go", in("to", OBJECT_PATH), out("to", OBJECT_PATH), to -> to)
            .method("Wrap", in("value", VARIANT), out("value", VARIANT), value -> value)
            .method("Nothing", List.of(), List.of(), call -> call.reply())
            .method("Never", List.of(), List.of(), call -> kept.add(call))
            .build();
    server =
        DBusServer.at("unix:dir=" + directory)
            .export("/door", door)
            .onConnection(this::watch)
            .start();
    address = server.clientAddress().toString();
  }

  /// Calls that are not answered, as long as somebody has them.
  private final List<Object> kept = new ArrayList<>();

  /// The server's side of the connection, which is there later than the client's may be.
  private final CompletableFuture<DBusConnection> connected = new CompletableFuture<>();

  private void watch(DBusConnection peer) {
    connected.complete(peer);
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
    return run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine command = DBusCommand.commandLine();
    command.setOut(out).setErr(err);
    return command.execute(arguments);
  }

  /// A method that returns what it is given, the text that it is given, and what is printed.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "Move | -5 | (int16 -5,)",
        "Say | hello you | ('hello you',)",
        "Say | 'quoted' | ('quoted',)",
        "Say | 5 | ('5',)",
        "Say | @as [] | ('@as []',)",
        "Say | @/dev/null | ('@/dev/null',)",
        "Go | /a/b | (objectpath '/a/b',)",
        "Wrap | <[uint32 1, 2]> | (<[uint32 1, 2]>,)"
      })
  void theTypesAreThoseThatTheObjectTells(String method, String argument, String printed) {
    int status = run("call", address, "/door", "com.example.Door1." + method, argument);

    assertEquals("", err.toString());
    assertEquals(0, status);
    assertEquals(printed + System.lineSeparator(), out.toString());
  }

  @Test
  void withoutArgumentsTheObjectIsNotAsked() {
    assertEquals(0, run("call", address, "/door", "com.example.Door1.Nothing"));

    assertEquals("()" + System.lineSeparator(), out.toString());
    assertEquals(List.of("Nothing"), members());
  }

  @Test
  void aSignatureSparesTheQuestion() {
    assertEquals(
        0, run("call", address, "/door", "com.example.Door1.Move", "7", "--signature", "n"));

    assertEquals(List.of("Move"), members());
  }

  private List<String> members() {
    return seen.stream().map(it -> ((MethodCall) it).member().value()).toList();
  }

  @Test
  void withoutReplyNothingIsWaitedForOrPrinted() throws Exception {
    assertEquals(0, run("call", "--no-reply", address, "/door", "com.example.Door1.Never"));

    assertEquals("", out.toString());
    assertTrue(seen.take().noReplyExpected());
  }

  @Test
  void noReplyInTimeIsStatusOne() {
    assertEquals(1, run("call", "--timeout", "0.05", address, "/door", "com.example.Door1.Never"));

    assertEquals("", out.toString());
    assertTrue(err.toString().startsWith("dbus call: /door Never: no reply within"), err::toString);
  }

  @Test
  void anErrorIsStatusOneWithItsNameAndText() {
    assertEquals(1, run("call", address, "/door", "com.example.Door1.Absent"));

    assertEquals("", out.toString());
    assertTrue(
        err.toString().startsWith("dbus call: org.freedesktop.DBus.Error.UnknownMethod: "),
        err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void aMethodThatIsNotDescribedNeedsASignature() {
    assertEquals(1, run("call", address, "/door", "com.example.Door1.Absent", "5"));

    assertEquals(
        "dbus call: com.example.Door1.Absent at /door is not described: the object has no such"
            + " method; give the types of its arguments by --signature",
        err.toString().strip());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "Move | 70000 | argument 1: ",
        "Move | 'text' | argument 1: ",
        "Go | a | argument 1: ",
        "Say | 'open | argument 1: ",
        "Wrap | <handle 0> | ",
      })
  void anArgumentThatIsNoneIsStatusTwo(String method, String argument, String complaint) {
    assertEquals(2, run("call", address, "/door", "com.example.Door1." + method, argument));

    assertEquals("", out.toString());
    String wanted = "dbus call: " + (complaint == null ? "" : complaint);
    assertTrue(err.toString().startsWith(wanted), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertEquals(List.of("Introspect"), members());
  }

  @Test
  void tooManyArgumentsAreStatusTwo() {
    assertEquals(2, run("call", address, "/door", "com.example.Door1.Move", "1", "2"));

    assertEquals(
        "dbus call: the types of the arguments are \"n\", that is 1; 2 are given",
        err.toString().strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call unix:path=/a / com.example.A.B --signature z",
        "call unix:path=/a / com.example.A.B --timeout 0",
        "call unix:path=/a / com.example.A.B --timeout nan",
        "call unix:path=/a / com.example.A.B --mechanism KERBEROS_V4",
        "call unix:path=/a / com.example.A.B --mechanism EXTERNAL --mechanism EXTERNAL",
        "call unix:path=/a / Ping",
        "call unix:path=/a / A.Ping",
        "call unix:path=/a a com.example.A.B",
        "call nonsense / com.example.A.B",
        "call unix:dir=/a / com.example.A.B",
        "call unix:path=/a /",
        "emit unix:path=/a / com.example.A.B []",
        "emit unix:path=/a / com.example.A.B --signature s",
        "emit unix:path=/a / Ping",
        "monitor nonsense",
        "monitor unix:path=/a --mechanism KERBEROS_V4"
      })
  void aMistakeIsStatusTwo(String arguments) {
    assertEquals(2, run(arguments.split(" ")), err::toString);

    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"call ADDRESS / com.example.A.B", "emit ADDRESS / a.b.C", "monitor ADDRESS"})
  void nobodyThereIsStatusOneAndALineWithAReasonForEachAddress(String arguments) {
    String nobody = "unix:path=" + directory.resolve("none");

    assertEquals(1, run(arguments.replace("ADDRESS", "unix:dir=/a;" + nobody).split(" ")));

    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().contains("unix:dir=/a: "), err::toString);
    assertTrue(err.toString().contains(nobody + ": "), err::toString);
  }

  @Test
  void aSignalHasTheTypesOfItsArguments() throws Exception {
    assertEquals(0, run("emit", address, "/a", "com.example.A.B", "uint64 5", "@as []", "-1"));

    Signal signal = (Signal) seen.take();
    assertEquals("/a", signal.path().value());
    assertEquals("com.example.A", signal.interfaceName().value());
    assertEquals("B", signal.member().value());
    assertEquals("(uint64 5, @as [], -1)", ArgumentTexts.print(signal.body()));
  }

  @Test
  void aSignalHasTheTypesOfItsSignature() throws Exception {
    assertEquals(
        0, run("emit", address, "/a", "com.example.A.B", "--signature=gy", "a{sv}", "255"));

    assertEquals("(signature 'a{sv}', byte 0xff)", ArgumentTexts.print(seen.take().body()));
  }

  @Test
  void aMonitorWhoseOutputCannotBeWrittenIsStatusOne() {
    // As soon as it says that it is connected, it is sent something.
    StringWriter emitting =
        new StringWriter() {
          @Override
          public void flush() {
            emit();
          }
        };
    PrintWriter closed = new PrintWriter(Writer.nullWriter());
    closed.close();

    assertEquals(1, run(closed, new PrintWriter(emitting), "monitor", address));

    assertTrue(emitting.toString().endsWith("dbus monitor: the output cannot be written\n"));
  }

  private void emit() {
    try {
      connected.join().emit("/a", "com.example.A", "B", Body.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth", "call", "emit", "monitor"})
  void helpTellsTheStatuses(String command) {
    assertEquals(0, run(command, "--help"));

    assertTrue(out.toString().contains("ADDRESS"), out::toString);
    assertTrue(out.toString().contains("--mechanism=NAME"), out::toString);
    assertTrue(out.toString().contains("Exit status:"), out::toString);
    assertTrue(out.toString().contains("2   the arguments are wrong"), out::toString);
  }
}
