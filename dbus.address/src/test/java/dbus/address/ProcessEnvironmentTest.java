package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ProcessEnvironmentTest {
  private final Environment environment = Environment.ofProcess();
  @TempDir private Path directory;

  @Test
  @DisplayName("variables are those of the process, an absent one is empty")
  void variables() {
    assertEquals(Optional.of(System.getenv("PATH")), environment.variable("PATH"));
    assertEquals(Optional.empty(), environment.variable("DBUS_NO_SUCH_VARIABLE"));
  }

  @Test
  @DisplayName("ADDR-47 a socket that this user has made is an own one")
  void ownSocket() throws IOException {
    Path path = directory.resolve("bus");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));

      assertTrue(environment.isOwnSocket(path));
    }
  }

  @Test
  @DisplayName("ADDR-47 a socket of another user is none")
  void socketOfAnotherUser() throws IOException {
    Path path = directory.resolve("bus");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      try {
        Files.setAttribute(path, "unix:uid", 65534);
      } catch (IOException e) {
        assumeTrue(false, "only root can give a file away: " + e);
      }

      assertFalse(environment.isOwnSocket(path));
    }
  }

  @Test
  @DisplayName("ADDR-47 what is no socket, a link to one, or absent, is none")
  void noSocket() throws IOException {
    Path socket = directory.resolve("socket");
    Path link = Files.createSymbolicLink(directory.resolve("link"), socket);
    Path file = Files.createFile(directory.resolve("file"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));

      assertFalse(environment.isOwnSocket(link));
    }
    assertFalse(environment.isOwnSocket(file));
    assertFalse(environment.isOwnSocket(directory));
    assertFalse(environment.isOwnSocket(directory.resolve("absent")));
  }
}
