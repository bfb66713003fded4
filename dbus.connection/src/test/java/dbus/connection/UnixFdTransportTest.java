package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.UnixFd.UNIX_FD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// A socket that is known by its descriptor, such as one that a peer has passed, as the way to a
/// peer: the example of the page of `dbus.connection`.
@DisplayName("SERV-35 a descriptor of a connected socket")
class UnixFdTransportTest {

  @TempDir Path directory;

  private final CompletableFuture<DBusConnection> inRoom = new CompletableFuture<>();
  private final CompletableFuture<CloseReason> left = new CompletableFuture<>();

  private final ObjectTree objects = new ObjectTree();

  private final Interface rooms =
      Interface.named("com.example.Rooms1")
          .method("Enter", in("way", UNIX_FD), way -> enter(way))
          .build();

  private void enter(UnixFd way) throws IOException {
    var _ =
        DBusConnection.serverSide(way.transport(), Guid.random())
            .objects(objects)
            .onAuthenticated(inRoom::complete)
            .start()
            .thenAccept(left::complete);
  }

  @Test
  @DisplayName("that a peer has passed carries a connection of its own, with descriptors")
  void theExample() throws Exception {
    try (Kind.Pair pair = Kind.UNIX.connected(side -> side, side -> side);
        TracedPipe pipe = new TracedPipe()) {
      var _ = pair.server().export(new dbus.wire.ObjectPath("/com/example/Rooms"), rooms);
      DBusConnection peer = pair.client();

      UnixFd.SocketPair way = UnixFd.socketPair();
      var _ =
          peer.call(
              "/com/example/Rooms", "com.example.Rooms1", "Enter", Body.of(UNIX_FD, way.one()));
      try (DBusConnection inside = DBusConnection.clientSide(way.other().transport()).connect()) {
        assertEquals("EXTERNAL", inside.mechanism());
        assertTrue(inside.passesUnixFds());
        Interface door =
            Interface.named("com.example.Door1")
                .method("Knock", in("at", UNIX_FD), at -> UnixFdScene.say(at, "knock"))
                .build();
        var _ = objects.export(new dbus.wire.ObjectPath("/door"), door);
        var _ =
            inside.call(
                "/door", "com.example.Door1", "Knock", Body.of(UNIX_FD, pipe.writer().duplicate()));
        assertEquals("knock", pipe.untilClosedEverywhere());
        DBusConnection host = inRoom.get(30, TimeUnit.SECONDS);
        assertEquals(Credentials.ofThisProcess().uid(), host.credentials().uid());
      }
      assertFalse(way.one().isOpen() || way.other().isOpen());
      assertEquals(CloseReason.Kind.REMOTE, left.get(30, TimeUnit.SECONDS).kind());
      assertFalse(peer.isClosed());
    }
  }

  @Test
  @DisplayName("may be the way to a server as well, for whoever it was passed to")
  void theOtherWayRound() throws Exception {
    UnixFd.SocketPair way = UnixFd.socketPair();
    var over = DBusConnection.serverSide(way.one().transport(), UnixFdScene.GUID).start();
    try (DBusConnection client = DBusConnection.clientSide(way.other().transport()).connect()) {
      assertEquals(UnixFdScene.GUID, client.serverGuid());
    }
    var _ = over.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /// Without native access it is not: large messages end the connection there.
  @Test
  @Tag(UnixFdScene.NATIVE_ACCESS)
  @DisplayName("is waited at also where whoever had it before did not wait")
  void nonBlocking() throws Exception {
    UnixFd.SocketPair way = UnixFd.socketPair();
    for (UnixFd end : new UnixFd[] {way.one(), way.other()}) {
      var _ =
          FileDescriptorCast.using(end.fileDescriptor())
              .as(AFUNIXSocketChannel.class)
              .configureBlocking(false);
    }
    var over = DBusConnection.serverSide(way.one().transport(), UnixFdScene.GUID).start();
    try (DBusConnection client = DBusConnection.clientSide(way.other().transport()).connect()) {
      byte[] large = new byte[4 << 20];
      // More than fits into the socket at a time.
      var answer =
          assertThrows(
              DBusErrorException.class,
              () ->
                  client.call("/", "com.example.No1", "No", Body.of(dbus.wire.Codec.BYTES, large)));
      assertTrue(answer.getMessage().contains("No"), answer::getMessage);
    }
    assertEquals(
        CloseReason.Kind.REMOTE, over.toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }

  @Test
  @DisplayName("is of the peer that the caller knows, if it is said who that is")
  void credentials() throws Exception {
    UnixFd.SocketPair way = UnixFd.socketPair();
    Transport server = way.one().transport(Credentials.ofUid(4711));
    assertEquals(Credentials.ofUid(4711), server.credentials());
    var over = DBusConnection.serverSide(server, UnixFdScene.GUID).start();
    assertThrows(
        ConnectException.class,
        () ->
            DBusConnection.clientSide(way.other().transport())
                .mechanisms(ClientMechanism.external())
                .connect(),
        "the user of this process is let in, who is not the peer");
    assertEquals(
        CloseReason.Kind.NOT_AUTHENTICATED,
        over.toCompletableFuture().get(30, TimeUnit.SECONDS).kind());
  }

  enum Wrong {
    FILE("this is a file"),
    DIRECTORY("this is a directory"),
    PIPE("this is a pipe"),
    DATAGRAMS("this is a datagram socket"),
    LISTENING("a connected socket is needed");

    private final String told;

    Wrong(String told) {
      this.told = told;
    }

    private UnixFd open(Path directory) throws IOException {
      AFUNIXSocketAddress path = AFUNIXSocketAddress.of(directory.resolve("s"));
      return switch (this) {
        case FILE ->
            UnixFd.of(
                new FileInputStream(
                        java.nio.file.Files.writeString(directory.resolve("f"), "text").toFile())
                    .getFD());
        case DIRECTORY -> directory(directory);
        case PIPE -> {
          UnixFd.Pipe pipe = UnixFd.pipe();
          pipe.writer().close();
          yield pipe.reader();
        }
        case DATAGRAMS -> {
          AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance();
          socket.bind(path);
          yield UnixFd.of(socket.getFileDescriptor());
        }
        case LISTENING -> {
          AFUNIXServerSocketChannel socket = AFUNIXServerSocketChannel.open();
          socket.bind(path);
          yield UnixFd.of(socket.getFileDescriptor());
        }
      };
    }

    /// Java opens none as a file.
    private static UnixFd directory(Path directory) throws IOException {
      try (var all = java.nio.file.Files.newDirectoryStream(directory)) {
        assertTrue(all.iterator() != null);
        try (var open = java.nio.file.Files.list(Path.of("/proc/self/fd"))) {
          for (Path one : open.toList()) {
            if (java.nio.file.Files.isSymbolicLink(one)
                && java.nio.file.Files.readSymbolicLink(one).equals(directory)) {
              int number = Integer.parseInt(one.getFileName().toString());
              return UnixFd.of(FileDescriptorCast.unsafeUsing(number).getFileDescriptor())
                  .duplicate();
            }
          }
        }
      }
      throw new AssertionError(directory);
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  @DisplayName("is told from what is none, which stays whose it was")
  void refused(Wrong what) throws Exception {
    try (UnixFd fd = what.open(directory.toRealPath())) {
      var e = assertThrows(IOException.class, fd::transport);
      assertTrue(e.getMessage().contains(what.told), e::getMessage);
      assertTrue(fd.isOpen());
    }
  }

  @Test
  @DisplayName("is taken over once")
  void once() throws Exception {
    UnixFd.SocketPair way = UnixFd.socketPair();
    try (Transport taken = way.one().transport()) {
      assertTrue(taken.maxUnixFds() > 0);
      assertThrows(IllegalStateException.class, way.one()::transport);
    }
    way.other().close();
    assertThrows(IllegalStateException.class, way.other()::transport);
  }

  @Test
  @DisplayName("is closed with the transport, also where that was never started")
  void closed() throws Exception {
    UnixFd.SocketPair way = UnixFd.socketPair();
    way.one().transport().close();
    try (FileInputStream other = way.other().inputStream()) {
      assertEquals(-1, other.read());
    }
  }

  /// How many sockets this process has open.
  private static long sockets() throws IOException {
    try (var all = java.nio.file.Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(java.nio.file.Files::isSymbolicLink)
          .filter(UnixFdTransportTest::isSocket)
          .count();
    }
  }

  private static boolean isSocket(Path link) {
    try {
      return java.nio.file.Files.readSymbolicLink(link).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Test
  @DisplayName("of a pair is all that the pair leaves open")
  void pairsLeaveNothing() throws Exception {
    long before = sockets();
    for (int i = 0; i < 100; i++) {
      UnixFd.SocketPair pair = UnixFd.socketPair();
      pair.one().close();
      pair.other().close();
    }
    // Sockets of tests before this one may be closed meanwhile, or not yet.
    assertTrue(sockets() < before + 50, () -> before + " before");
  }
}
