package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.transport.UnixSockets;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the file of a listening socket, and of what stands in its place.
class UnixSocketFileTest {

  @TempDir Path directory;

  private UnixSocketFile file;

  @AfterEach
  void closeSocket() {
    if (file != null) {
      file.acceptor().close();
    }
  }

  private UnixSocketFile create(Path path) throws IOException {
    file =
        UnixSocketFile.create(
            path, PosixFilePermissions.fromString("rw-------"), UnixSockets.AUTOMATIC);
    return file;
  }

  private void assertDirectoryHolds(String... names) throws IOException {
    try (var list = Files.list(directory)) {
      assertEquals(
          java.util.List.of(names),
          list.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  @DisplayName("SERV-19 the socket has its mode, and nothing else is left behind")
  void mode() throws Exception {
    Path path = directory.resolve("socket");
    var _ = create(path);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertDirectoryHolds("socket");
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
  }

  @Test
  @DisplayName("SERV-17 a file that is not a socket stays, and is named")
  void aFileStays() throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "precious");
    var e = assertThrows(FileAlreadyExistsException.class, () -> create(path));
    assertTrue(e.getMessage().contains(path.toString()), e::getMessage);
    assertEquals("precious", Files.readString(path));
    assertDirectoryHolds("file");
  }

  @Test
  @DisplayName("SEC-35 a link at the socket's path is not followed")
  void aLinkStays() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    assertThrows(FileAlreadyExistsException.class, () -> create(link));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("precious", Files.readString(target));
  }

  @Test
  @DisplayName("SERV-17 a live server keeps its socket, also if it accepts nobody")
  void aLiveServerStays() throws Exception {
    Path path = directory.resolve("socket");
    try (var live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      live.bind(UnixDomainSocketAddress.of(path), 1);
      assertThrows(BindException.class, () -> create(path));
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    }
    assertDirectoryHolds("socket");
  }

  @Test
  @DisplayName("SERV-17 the socket of a dead server is replaced")
  void aDeadSocketIsReplaced() throws Exception {
    Path path = directory.resolve("socket");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path))
        .close();
    assertTrue(Files.exists(path), "the JDK leaves the file of a closed socket");
    var _ = create(path);
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    assertDirectoryHolds("socket");
  }

  @Test
  @DisplayName("SERV-18 removing takes away one's own socket only")
  void removesItsOwn() throws Exception {
    Path path = directory.resolve("socket");
    create(path).remove();
    assertFalse(Files.exists(path));
    file.remove();
    file.acceptor().close();

    UnixSocketFile old = create(path);
    Files.delete(path);
    Files.writeString(path, "somebody else's");
    old.remove();
    assertEquals("somebody else's", Files.readString(path));
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path path = directory.resolve("none/socket");
    var e = assertThrows(NoSuchFileException.class, () -> create(path));
    assertTrue(e.getMessage().contains(path.toString()), e::getMessage);
  }
}
