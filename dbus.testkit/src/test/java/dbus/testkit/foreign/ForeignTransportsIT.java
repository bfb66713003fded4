package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.server.DBusServer;
import dbus.server.DBusServerBuilder;
import dbus.testkit.interop.InteropService;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients written by others reach our server over every transport, by each mechanism that works
/// there (PEER-01, PEER-03, PEER-07).
class ForeignTransportsIT {

  private static final List<String> UNIX =
      List.of("unix:path=DIR/s", "unix:dir=DIR", "unix:abstract=DIR/a");

  @TempDir private Path directory;

  /// Who can: sd-bus knows no nonce-tcp, and no DBUS_COOKIE_SHA1.
  static Stream<Arguments> clients() {
    Stream<Arguments> unix =
        Stream.of("dbus-send", "libdbus", "GDBus", "sd-bus")
            .flatMap(client ->
                UNIX.stream()
                    .flatMap(address ->
                        Stream.of("EXTERNAL", "ANONYMOUS")
                            .map(mechanism -> Arguments.of(client, address, mechanism))));
    Stream<Arguments> tcp =
        Stream.of("dbus-send", "libdbus", "GDBus", "sd-bus")
            .map(client -> Arguments.of(client, "tcp:host=localhost", "ANONYMOUS"));
    Stream<Arguments> nonceTcp =
        Stream.of("dbus-send", "libdbus", "GDBus")
            .map(client -> Arguments.of(client, "nonce-tcp:host=localhost", "ANONYMOUS"));
    return Stream.concat(unix, Stream.concat(tcp, nonceTcp));
  }

  @ParameterizedTest(name = "{0} at {1}, {2}")
  @MethodSource("clients")
  @DisplayName("ADDR-43, SERV-27, SERV-28 a client of others is served at every transport")
  void served(String client, String address, String mechanism) throws Exception {
    DBusServerBuilder builder =
        DBusServer.at(address.replace("DIR", directory.toString()))
            .policy(AuthPolicy.sameUser().allowAnonymous().observedBy(only(mechanism)));
    InteropService.exportTo(builder);
    try (DBusServer server = builder.start()) {
      assertEquals(
          mechanism, mechanismOf(client, server.clientAddress().toString(), mechanism, directory));
    }
  }

  private static AuthObserver only(String mechanism) {
    return new AuthObserver() {
      @Override
      public boolean allowMechanism(String name) {
        return name.equals(mechanism);
      }
    };
  }

  @ParameterizedTest(name = "{0} at {1}")
  @CsvSource({
    "dbus-send,tcp:host=localhost",
    "libdbus,tcp:host=127.0.0.1",
    "GDBus,tcp:host=localhost",
    "dbus-send,nonce-tcp:host=localhost",
    "libdbus,nonce-tcp:host=127.0.0.1",
    "GDBus,nonce-tcp:host=localhost"
  })
  @DisplayName("SERV-28 over tcp a client proves by DBUS_COOKIE_SHA1 whose it is")
  void byCookie(String client, String address) throws Exception {
    try (ServeProcess server = ServeProcess.startAtHome(directory, address)) {
      assertEquals(
          "DBUS_COOKIE_SHA1", mechanismOf(client, server.address(), "DBUS_COOKIE_SHA1", directory));
    }
  }

  @ParameterizedTest
  @CsvSource({"dbus-send", "libdbus", "GDBus"})
  @DisplayName("SERV-27 a client of others that has no right nonce file is not let in")
  void wrongNonce(String client) throws Exception {
    Path wrong = java.nio.file.Files.write(directory.resolve("wrong"), new byte[16]);
    try (ServeProcess server = ServeProcess.startAtHome(directory, "nonce-tcp:host=127.0.0.1")) {
      String address = server.address().replaceFirst("noncefile=[^,]+", "noncefile=" + wrong);
      who(client, address, "DBUS_COOKIE_SHA1", directory).expectFailure();
      assertTrue(
          who(client, server.address(), "DBUS_COOKIE_SHA1", directory).status() == 0,
          "the server goes on");
    }
  }

  private static String mechanismOf(String client, String address, String mechanism, Path directory)
      throws Exception {
    String out = who(client, address, mechanism, directory).expectSuccess().out();
    // dbus-send prints all that WhoAmI has returned.
    return out.endsWith("\"") ? out.substring(out.indexOf('"') + 1, out.length() - 1) : out;
  }

  private static ForeignProgram.Outcome who(
      String client, String address, String mechanism, Path directory) throws Exception {
    return switch (client) {
      case "dbus-send" ->
          atHome(ForeignProgram.named("dbus-send"), directory)
              .run(
                  "--peer=" + address,
                  "--print-reply",
                  InteropService.PATH.toString(),
                  "dbus.testkit.Interop1.WhoAmI");
      case "libdbus" ->
          atHome(ForeignProgram.python("dbus", "libdbus_who.py", directory), directory)
              .run(address);
      case "GDBus" ->
          atHome(ForeignProgram.python("gi.repository.Gio", "gdbus_who.py", directory), directory)
              .run(address);
      case "sd-bus" ->
          ForeignProgram.compiled("sdbus_who.c", "libsystemd", directory).run(address, mechanism);
      default -> throw new AssertionError(client);
    };
  }

  private static ForeignProgram atHome(ForeignProgram program, Path home) {
    return program
        .with("HOME", home.toString())
        .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", home.resolve(".dbus-keyrings").toString());
  }

  @Test
  @DisplayName("SERV-27, SEC-34 a silent peer at nonce-tcp does not keep GDBus waiting")
  void silentPeer() throws Exception {
    try (ServeProcess server = ServeProcess.startAtHome(directory, "nonce-tcp:host=127.0.0.1")) {
      int port = Integer.parseInt(server.address().replaceFirst(".*port=([0-9]+).*", "$1"));
      try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertEquals(
            "DBUS_COOKIE_SHA1",
            mechanismOf("GDBus", server.address(), "DBUS_COOKIE_SHA1", directory));
        assertTrue(silent.isConnected());
      }
    }
  }
}
