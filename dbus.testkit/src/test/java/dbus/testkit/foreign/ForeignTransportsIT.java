package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.testkit.foreign.ForeignProgram.Outcome;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients written by others call `dbus serve` over every transport, by each mechanism that works
/// there (PEER-01, PEER-03, PEER-07, PEER-08):
///
/// | | `unix:path`, `unix:abstract` | `tcp` | `nonce-tcp` |
/// |---|---|---|---|
/// | dbus-send, python3-dbus, gdbus call, gdbus introspect, python3-gi | EXTERNAL, DBUS_COOKIE_SHA1, ANONYMOUS | DBUS_COOKIE_SHA1, ANONYMOUS | DBUS_COOKIE_SHA1, ANONYMOUS |
/// | sd-bus in C | EXTERNAL, ANONYMOUS | ANONYMOUS | – |
/// | busctl call, busctl introspect | EXTERNAL | – | – |
///
/// EXTERNAL is what the kernel says of a unix socket's peer, so nobody has it over tcp (SERV-28).
/// Why the others are missing is told by [ForeignCaller].
class ForeignTransportsIT {

  @TempDir static Path home;

  /// One for each address and mechanism, for all clients.
  private static final Map<List<String>, ServeProcess> SERVERS = new HashMap<>();

  @AfterAll
  static void stop() throws Exception {
    for (ServeProcess server : SERVERS.values()) {
      server.close();
    }
  }

  static Stream<Arguments> table() {
    List<Arguments> table = new ArrayList<>();
    for (String address :
        List.of("unix:path=HOME/s", "unix:abstract=HOME/a", "tcp:host=localhost", "nonce-tcp:")) {
      for (String mechanism : List.of("EXTERNAL", "DBUS_COOKIE_SHA1", "ANONYMOUS")) {
        if (mechanism.equals("EXTERNAL") && !address.startsWith("unix:")) {
          continue;
        }
        ForeignCaller.of(address, mechanism)
            .forEach(client -> table.add(Arguments.of(client, address, mechanism)));
      }
    }
    return table.stream();
  }

  /// The `gdbus` and `busctl` commands insist on a message bus: they say Hello. It offers the one
  /// mechanism, so who is served came by it.
  private static ServeProcess server(String address, String mechanism) throws Exception {
    ServeProcess running = SERVERS.get(List.of(address, mechanism));
    if (running != null) {
      return running;
    }
    List<String> arguments = new ArrayList<>(List.of("--hello", "--mechanism=" + mechanism));
    if (mechanism.equals("ANONYMOUS")) {
      arguments.add("--allow-anonymous");
    }
    arguments.add(address.replace("HOME", home + "/" + mechanism));
    ServeProcess started = ServeProcess.startAtHome(home, arguments.toArray(String[]::new));
    SERVERS.put(List.of(address, mechanism), started);
    return started;
  }

  @ParameterizedTest(name = "{0} at {1}, {2}")
  @MethodSource("table")
  @DisplayName("ADDR-43, SERV-27, SERV-28 a client of others is served at every transport")
  void served(ForeignCaller client, String address, String mechanism) throws Exception {
    Files.createDirectories(home.resolve(mechanism));
    Outcome outcome =
        client.run(server(address, mechanism).address(), mechanism, home).expectSuccess();
    assertTrue(client.isRight(outcome.out(), mechanism), outcome::toString);
  }

  @Test
  @DisplayName("the table has each client, and all that the tests are to try")
  void complete() {
    assertEquals(5 * (2 * 3 + 2 + 2) + (2 * 2 + 1) + 2 * 2, table().count());
  }

  @ParameterizedTest
  @EnumSource(names = {"DBUS_SEND", "PYTHON_DBUS", "PYTHON_GI"})
  @DisplayName("SERV-27 a client of others that has no right nonce file is not let in")
  void wrongNonce(ForeignCaller client) throws Exception {
    Path wrong = Files.write(home.resolve("wrong"), new byte[16]);
    String right = server("nonce-tcp:", "DBUS_COOKIE_SHA1").address();
    client
        .run(right.replaceFirst("noncefile=[^,]+", "noncefile=" + wrong), "DBUS_COOKIE_SHA1", home)
        .expectFailure();
    client.run(right, "DBUS_COOKIE_SHA1", home).expectSuccess();
  }

  @Test
  @DisplayName("SERV-27, SEC-34 a silent peer at nonce-tcp does not keep GDBus waiting")
  void silentPeer() throws Exception {
    ServeProcess server = server("nonce-tcp:", "DBUS_COOKIE_SHA1");
    int port = Integer.parseInt(server.address().replaceFirst(".*port=([0-9]+).*", "$1"));
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
      ForeignCaller.PYTHON_GI.run(server.address(), "DBUS_COOKIE_SHA1", home).expectSuccess();
      assertTrue(silent.isConnected());
    }
  }
}
