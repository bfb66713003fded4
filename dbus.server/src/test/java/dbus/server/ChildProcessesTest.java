package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.TcpAddress;
import dbus.address.UnixPath;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.transport.UnixSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A program that a server's process starts has none of its sockets.
///
/// Unix sockets of this library are close-on-exec. Sockets of the JDK, of which those of tcp are,
/// are not: it is the JDK that closes all descriptors in a child that it starts. Native code that
/// starts programs by itself has to see to that as well.
@EnabledOnOs(OS.LINUX)
@DisplayName("SERV-21 no socket of a server gets into a child process")
class ChildProcessesTest {

  private static final long CLOSE_ON_EXEC = 02000000;

  @TempDir Path directory;

  private final Witness witness = new Witness();

  private DBusServer server(String address, UnixSockets sockets) throws Exception {
    return DBusServer.at(address.replace("DIR", directory.toString()))
        .unixSockets(sockets)
        .environment(PlacesTest.environment("XDG_RUNTIME_DIR", directory.toString()))
        .listener(witness)
        .start();
  }

  private static SocketChannel connect(DBusServer server) throws IOException {
    return switch (server.clientAddress()) {
      case UnixPath unix -> SocketChannel.open(UnixDomainSocketAddress.of(unix.path().toPath()));
      case TcpAddress tcp ->
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.port()));
      default -> throw new AssertionError(server.clientAddress());
    };
  }

  /// The sockets of this process, by what the kernel calls them, with the numbers that they have.
  private static Map<String, String> ownSockets() throws IOException {
    Map<String, String> sockets = new HashMap<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        try {
          String target = Files.readSymbolicLink(one).toString();
          if (target.startsWith("socket:")) {
            sockets.put(target, one.getFileName().toString());
          }
        } catch (NoSuchFileException closedMeanwhile) {
          assertFalse(Files.exists(one));
        }
      }
    }
    return sockets;
  }

  /// Nothing but its input, output and errors, and the directory that it looks at.
  private static void assertHasNoSocket(String listing) {
    List<String> descriptors = listing.lines().filter(line -> line.contains("->")).toList();
    assertEquals(4, descriptors.size(), listing);
    assertFalse(listing.contains("socket:"), listing);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "tcp:host=127.0.0.1,AUTOMATIC",
    "nonce-tcp:host=127.0.0.1,AUTOMATIC",
    "unix:path=DIR/s,JUNIXSOCKET",
    "unix:path=DIR/s,JDK"
  })
  @DisplayName("listening or accepted, neither by ProcessBuilder nor by unixexec")
  void ofEachTransport(String address, UnixSockets sockets) throws Exception {
    int before = ownSockets().size();
    try (DBusServer server = server(address, sockets);
        SocketChannel client = connect(server)) {
      Witness.next(witness.accepted);
      assertTrue(client.isConnected());
      // The one that listens, both ends of the connection, and the server's spare.
      assertTrue(ownSockets().size() >= before + 3, ownSockets()::toString);

      Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
      String listing = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, child.waitFor());
      assertHasNoSocket(listing);

      Path file = directory.resolve("listing");
      // It is no server: it ends without a word, but for those in the file.
      assertThrows(
          ConnectException.class,
          () ->
              DBusConnection.connect(
                  "unixexec:path=sh,argv1=-c,argv2="
                      + "exec%20ls%20-l%20/proc/self/fd%20%3e%20"
                      + file));
      // Its output is the file.
      assertHasNoSocket(Files.readString(file));
    }
  }

  /// The flags of all descriptors here of the sockets of an abstract name.
  private static List<Long> flagsOf(String name) throws IOException {
    Map<String, String> own = ownSockets();
    List<Long> flags = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/net/unix"))) {
      String[] fields = line.strip().split(" +", -1);
      String number = fields.length == 8 ? own.get("socket:[" + fields[6] + "]") : null;
      if (number != null && fields[7].equals("@" + name)) {
        String info = Files.readString(Path.of("/proc/self/fdinfo", number));
        flags.add(Long.parseLong(info.replaceFirst("(?s).*flags:\\s+([0-7]+).*", "$1"), 8));
      }
    }
    return flags;
  }

  @Test
  @DisplayName("unix sockets, listening and accepted, are close-on-exec by themselves")
  void closeOnExec() throws Exception {
    try (DBusServer server = server("unix:abstract=DIR", UnixSockets.JUNIXSOCKET);
        DBusConnection client = DBusConnection.connect(server.clientAddress().toString())) {
      assertFalse(client.isClosed());
      List<Long> flags = flagsOf(directory.toString());
      assertEquals(2, flags.size(), flags::toString);
      flags.forEach(one -> assertEquals(CLOSE_ON_EXEC, one & CLOSE_ON_EXEC));
    }
  }
}
