package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    return create(path, SocketFileAccess.ofMode("rw-------"));
  }

  private UnixSocketFile create(Path path, SocketFileAccess access) throws IOException {
    file = UnixSocketFile.create(path, access, UnixSockets.AUTOMATIC, Leftovers.REMOVED);
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
  @DisplayName("SERV-19 whoever sees the socket sees it with its mode, from its first moment on")
  void noWindow() throws Exception {
    Path path = directory.resolve("socket");
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();
    Thread watcher =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                try {
                  seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
                } catch (IOException notThere) {
                  Thread.onSpinWait();
                }
              }
            });
    for (int i = 0; i < 200; i++) {
      create(path).remove();
      file.acceptor().close();
    }
    // At least this one is seen.
    var _ = create(path);
    while (seen.isEmpty()) {
      Thread.onSpinWait();
    }
    done.set(true);
    watcher.join();
    assertEquals(Set.of("rw-------"), seen);
  }

  @Test
  @DisplayName("SERV-19 a mode, an owner and a group that are given are the socket's")
  void access() throws Exception {
    Path path = directory.resolve("socket");
    String uid = String.valueOf(Files.getAttribute(directory, "unix:uid"));
    String gid = String.valueOf(Files.getAttribute(directory, "unix:gid"));
    create(path, access("rw-rw----", uid, gid));
    assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertEquals(gid, String.valueOf(Files.getAttribute(path, "unix:gid")));
    assertEquals(uid, String.valueOf(Files.getAttribute(path, "unix:uid")));
  }

  @Test
  @DisplayName("SERV-19 root can give the socket to another owner and group")
  void givenAway() throws Exception {
    assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid")), "not root");
    Path path = directory.resolve("socket");
    create(path, access("rw-rw----", "4711", "4712"));
    assertEquals("4711", String.valueOf(Files.getAttribute(path, "unix:uid")));
    assertEquals("4712", String.valueOf(Files.getAttribute(path, "unix:gid")));
    assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  @DisplayName("SERV-19 a group that there is not is named, and nothing is left behind")
  void unknownGroup() throws Exception {
    Path path = directory.resolve("socket");
    var e =
        assertThrows(
            IOException.class, () -> create(path, access("rw-rw----", null, "no-such-group")));
    assertEquals("there is no group \"no-such-group\"", e.getMessage());
    assertDirectoryHolds();
  }

  @Test
  @DisplayName("SERV-19 the mode of the directory stays as it is")
  void directoryMode() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x--x"));
    var _ = create(shared.resolve("socket"));
    assertEquals("rwxr-x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)));
  }

  private static SocketFileAccess access(String mode, String owner, String group) {
    return new SocketFileAccess(
        PosixFilePermissions.fromString(mode),
        Optional.ofNullable(owner),
        Optional.ofNullable(group));
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
  @DisplayName("SERV-18 a socket that another server has put in its place stays")
  void anotherSocketStays() throws Exception {
    Path path = directory.resolve("socket");
    UnixSocketFile old = create(path);
    Files.delete(path);
    UnixSocketFile another = create(path);
    old.remove();
    assertTrue(Files.exists(path));
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    old.acceptor().close();
    another.remove();
    assertFalse(Files.exists(path));
  }

  @Test
  @DisplayName("SEC-35 a link that was put in the socket's place stays, and so does what it names")
  void aLinkInItsPlaceStays() throws Exception {
    Path path = directory.resolve("socket");
    Path target = Files.writeString(directory.resolve("target"), "precious");
    UnixSocketFile old = create(path);
    Files.delete(path);
    Files.createSymbolicLink(path, target);
    old.remove();
    assertTrue(Files.isSymbolicLink(path));
    assertEquals("precious", Files.readString(target));
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
