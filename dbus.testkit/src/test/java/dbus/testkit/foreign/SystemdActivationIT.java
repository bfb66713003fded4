package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.ClientMechanism;
import dbus.connection.DBusConnection;
import dbus.connection.UnixFd;
import dbus.testkit.interop.InteropService;
import dbus.wire.Body;
import dbus.wire.Codec;
import java.io.BufferedReader;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `dbus serve systemd:`, started by `systemd-socket-activate` when the first client comes
/// (ADDR-38).
class SystemdActivationIT {

  private static final String GUID = ",guid=[0-9a-f]{32}";

  @TempDir private Path directory;

  private Path socket;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void begin() {
    socket = directory.resolve("s");
  }

  @AfterEach
  void end() throws Exception {
    for (Process process : started) {
      process.destroy();
      process.waitFor();
    }
  }

  /// Waits for the first client, then becomes `dbus serve`.
  private Process activate(List<String> listen, String... addresses) throws Exception {
    return activate(List.of(), listen, addresses);
  }

  /// @param how options of the program
  private Process activate(List<String> how, List<String> listen, String... addresses)
      throws Exception {
    List<String> arguments = new ArrayList<>(how);
    listen.forEach(one -> arguments.addAll(List.of("-l", one)));
    arguments.addAll(List.of("-E", "HOME=" + directory));
    arguments.add(Path.of(System.getProperty("dbus.image"), "bin", "dbus").toString());
    arguments.add("serve");
    arguments.addAll(List.of(addresses));
    Process process =
        ForeignProgram.named("systemd-socket-activate").start(arguments.toArray(String[]::new));
    started.add(process);
    return process;
  }

  private void awaitSocket() {
    while (!Files.exists(socket)) {
      Thread.onSpinWait();
    }
  }

  private void ping(String address) throws Exception {
    ForeignProgram.named("dbus-send")
        .with("HOME", directory.toString())
        .run("--peer=" + address, "--print-reply", "/", "org.freedesktop.DBus.Peer.Ping")
        .expectSuccess();
  }

  private static int freePort() throws Exception {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  @Test
  @DisplayName("ADDR-38 a unix socket of systemd is served, and its file is left to systemd")
  void unixSocket() throws Exception {
    Process server = activate(List.of(socket.toString()), "systemd:");
    awaitSocket();
    ping("unix:path=" + socket);
    try (BufferedReader out = server.inputReader()) {
      String address = out.readLine();
      assertTrue(address.matches(Pattern.quote("unix:path=" + socket) + GUID), address);
      ping(address);
    }
    server.destroy();
    assertEquals(0, server.waitFor());
    assertTrue(Files.exists(socket));
  }

  @Test
  @DisplayName(
      "ADDR-38 sockets of the internet protocol and of unix are places of their own, in order")
  void severalSockets() throws Exception {
    int port4 = freePort();
    int port6 = freePort();
    Process server =
        activate(List.of("127.0.0.1:" + port4, socket.toString(), "[::1]:" + port6), "systemd:");
    awaitSocket();
    ping("unix:path=" + socket);
    try (BufferedReader out = server.inputReader()) {
      String four = out.readLine();
      String unix = out.readLine();
      String six = out.readLine();
      assertTrue(four.matches("tcp:host=127.0.0.1,port=" + port4 + ",family=ipv4" + GUID), four);
      assertTrue(unix.matches(Pattern.quote("unix:path=" + socket) + GUID), unix);
      assertTrue(six.matches("tcp:host=\\S+1,port=" + port6 + ",family=ipv6" + GUID), six);
      for (String address : List.of(four, unix, six)) {
        ping(address);
      }
    }
  }

  @Test
  @DisplayName("ADDR-38 a GDBus client over tcp is served by a server that systemd has started")
  void gdbusOverTcp() throws Exception {
    int port = freePort();
    var _ = activate(List.of("127.0.0.1:" + port, socket.toString()), "systemd:");
    awaitSocket();
    assertEquals(
        "DBUS_COOKIE_SHA1",
        ForeignProgram.python("gi.repository.Gio", "gdbus_who.py", directory)
            .with("HOME", directory.toString())
            .run("tcp:host=127.0.0.1,port=" + port)
            .expectSuccess()
            .out());
  }

  @Test
  @DisplayName("ADDR-38 a server that systemd has started may listen elsewhere as well")
  void besides() throws Exception {
    Path other = directory.resolve("other");
    Process server = activate(List.of(socket.toString()), "unix:path=" + other, "systemd:");
    awaitSocket();
    ping("unix:path=" + socket);
    try (BufferedReader out = server.inputReader()) {
      assertTrue(out.readLine().startsWith("unix:path=" + other));
      assertTrue(out.readLine().startsWith("unix:path=" + socket));
    }
    ping("unix:path=" + other);
    server.destroy();
    assertEquals(0, server.waitFor());
    assertFalse(Files.exists(other));
    assertTrue(Files.exists(socket));
  }

  @Test
  @DisplayName("ADDR-38 a peer that systemd has accepted is served, and the server ends with it")
  void acceptedPeer() throws Exception {
    Process activator = activate(List.of("--accept"), List.of(socket.toString()), "systemd:");
    awaitSocket();
    try (BufferedReader out = activator.inputReader()) {
      for (int i = 0; i < 2; i++) {
        ProcessHandle server;
        try (DBusConnection peer = DBusConnection.connect("unix:path=" + socket)) {
          assertEquals("EXTERNAL", peer.mechanism());
          assertEquals("systemd:guid=" + peer.serverGuid(), out.readLine());
          server = activator.children().findFirst().orElseThrow();
          Body pipe =
              peer.call(
                  InteropService.PATH.value(),
                  "dbus.testkit.Interop1",
                  "OpenPipe",
                  Body.of(Codec.STRING, "passed"));
          try (InputStream text = pipe.read(UnixFd.UNIX_FD).inputStream()) {
            assertEquals("passed", new String(text.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
        var _ = server.onExit().get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  @DisplayName("ADDR-38 one that it has accepted over tcp is served as well")
  void acceptedPeerOverTcp() throws Exception {
    int port = freePort();
    Process activator =
        activate(
            List.of("--accept"),
            List.of("127.0.0.1:" + port, socket.toString()),
            "systemd:",
            "--allow-anonymous");
    awaitSocket();
    ProcessHandle server;
    try (DBusConnection peer =
        DBusConnection.to("tcp:host=127.0.0.1,port=" + port)
            .mechanisms(ClientMechanism.anonymous())
            .connect()) {
      server = activator.children().findFirst().orElseThrow();
      var _ = peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
    }
    var _ = server.onExit().get(60, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("ADDR-38 without sockets of systemd, or with a key, it is refused with a reason")
  void refused() throws Exception {
    Path err = directory.resolve("err");
    Process process = ServeProcess.launch(err, "systemd:");
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(1, process.exitValue());
    String told = Files.readString(err);
    assertTrue(told.contains("LISTEN_PID"), told);
    assertTrue(told.contains("org.freedesktop.DBus.Error.NotSupported"), told);

    process = ServeProcess.launch(err, "systemd:foo=bar");
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(2, process.exitValue());
    assertTrue(Files.readString(err).contains("foo"), Files.readString(err));
  }

  @Test
  @DisplayName("ADDR-38 without systemd the next address of the list is listened on")
  void withoutSystemd() throws Exception {
    try (ServeProcess server = ServeProcess.start("systemd:;unix:path=" + socket)) {
      ping(server.address());
      assertTrue(server.err().contains("LISTEN_PID"), server.err());
    }
  }
}
