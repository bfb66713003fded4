package dbus.connection;

import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.AddressList;
import dbus.address.AddressValue;
import dbus.address.UnixExec;
import dbus.connection.CloseReason.Kind;
import dbus.wire.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A program that was started for the connection")
@DisabledOnOs(OS.WINDOWS)
class ChildProcessTest {

  private static final String PATH = "/com/example/Child";
  private static final String NAME = "com.example.Child1";

  @TempDir private Path directory;

  private static DBusConnection connect() throws Exception {
    List<String> command = StdioServer.command();
    UnixExec address =
        UnixExec.of(command.getFirst(), command.subList(1, command.size()).toArray(String[]::new));
    return DBusConnection.to(AddressList.of(address)).connect();
  }

  private static CloseReason end(DBusConnection connection) {
    return connection.closed().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static ProcessHandle child(DBusConnection connection) {
    return ProcessHandle.of(connection.credentials().pid().orElseThrow()).orElseThrow();
  }

  @Test
  @DisplayName("ADDR-37 is spoken to over its standard input and output, and ends with it")
  void callsAndEnds() throws Exception {
    DBusConnection connection = connect();
    Body reply = connection.call(PATH, NAME, "Greet", Body.of(STRING, "you"));
    assertEquals("Hello, you", reply.read(STRING));
    assertFalse(connection.passesUnixFds());
    ProcessHandle child = child(connection);
    connection.close();
    assertEquals(Kind.LOCAL, end(connection).kind());
    assertFalse(child.onExit().get(30, TimeUnit.SECONDS).isAlive());
  }

  @Test
  void itsStatusIsInTheReason() throws Exception {
    try (DBusConnection connection = connect()) {
      assertThrows(IOException.class, () -> connection.call(PATH, NAME, "Exit", Body.of(INT32, 3)));
      CloseReason reason = end(connection);
      assertEquals(Kind.REMOTE, reason.kind());
      assertTrue(reason.detail().endsWith("java ended with status 3"), reason.detail());
    }
  }

  @Test
  void oneThatDoesNotEndByItselfIsEnded() throws Exception {
    Path pid = directory.resolve("pid");
    UnixExec address = UnixExec.of("sh", "-c", "echo $$ >" + pid + "; exec sleep 60");
    var e =
        assertThrows(
            ConnectException.class,
            () ->
                DBusConnection.to(AddressList.of(address))
                    .connectTime(Duration.ofSeconds(2))
                    .connect());
    assertTrue(e.getMessage().contains("TIMED_OUT"), e.getMessage());
    Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    if (child.isPresent()) {
      assertFalse(child.get().onExit().get(30, TimeUnit.SECONDS).isAlive());
    }
  }

  @Test
  void oneThatEndsInTheHandshakeIsToldWithItsStatus() {
    var e =
        assertThrows(
            ConnectException.class,
            () -> DBusConnection.to(AddressList.of(UnixExec.of("sh", "-c", "exit 7"))).connect());
    assertTrue(e.getMessage().contains("sh ended with status 7"), e.getMessage());
  }

  @Test
  void oneThatASignalEndsIsToldWithIt() {
    var e =
        assertThrows(
            ConnectException.class,
            () ->
                DBusConnection.to(AddressList.of(UnixExec.of("sh", "-c", "kill -9 $$"))).connect());
    assertTrue(e.getMessage().contains("sh ended with status 137 (signal 9)"), e.getMessage());
  }

  @Test
  void oneThatIsNotThereIsAnError() {
    var e =
        assertThrows(
            ConnectException.class,
            () -> DBusConnection.connect("unixexec:path=/nonexistent/program"));
    assertTrue(e.getMessage().contains("/nonexistent/program"), e.getMessage());
  }

  @Test
  @DisplayName("ADDR-37 gets its arguments in order, and no more than there are")
  void arguments() throws Exception {
    assertEquals(
        List.of("zero", "a b", "c;d$e", "'"),
        seen(UnixExec.of("sh", "-c", script(), "zero", "a b", "c;d$e", "'")));
  }

  @Test
  @DisplayName("ADDR-37 is told another name than its path where the address says so")
  void argv0() throws Exception {
    UnixExec address =
        new UnixExec(
            AddressValue.of("sh"),
            Optional.of(AddressValue.of("-odd name")),
            List.of(AddressValue.of("-c"), AddressValue.of("ps -o args= -p $$ >" + seenFile())),
            Map.of(),
            Optional.empty());
    run(address);
    assertTrue(
        Files.readString(seenFile()).startsWith("-odd name -c "), Files.readString(seenFile()));
  }

  private Path seenFile() {
    return directory.resolve("seen");
  }

  private String script() {
    return "for one in \"$0\" \"$@\"; do echo \"$one\"; done >" + seenFile();
  }

  private List<String> seen(UnixExec address) throws IOException {
    run(address);
    return Files.readAllLines(seenFile());
  }

  private static void run(UnixExec address) {
    var e =
        assertThrows(
            ConnectException.class, () -> DBusConnection.to(AddressList.of(address)).connect());
    assertTrue(e.getMessage().contains("ended with status 0"), e.getMessage());
  }
}
