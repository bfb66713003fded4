package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The code that the page of the package shows, over a real socket, and attacked.
@Timeout(60)
class PackageExampleTest {
  private static final long SELF = Credentials.ofThisProcess().uid().orElseThrow();

  @TempDir private Path directory;
  private Path path;
  private ServerSocketChannel listening;

  @BeforeEach
  void listen() throws IOException {
    path = directory.resolve("socket");
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(path));
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
  }

  /// The server of the page.
  private String serve() throws IOException {
    try (SocketChannel accepted = listening.accept()) {
      ServerHandshake server =
          ServerHandshake.builder(Guid.random())
              .socket(Credentials.ofPeer(accepted)) // Who is there, says the platform.
              .policy(AuthPolicy.sameUser())
              .build();

      ByteBuffer received = ByteBuffer.allocate(4096);
      while (server.status() instanceof NeedsMore && accepted.read(received.clear()) >= 0) {
        server.receive(received.flip());
        accepted.write(server.takeOutput());
      }

      String told =
          switch (server.status()) {
            case Authenticated done -> done.mechanism() + " as " + done.identity().orElseThrow();
            case Failed failed -> "refused, " + failed;
            case NeedsMore _ -> "unfinished";
          };
      return told;
    }
  }

  private CompletableFuture<String> serving() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return serve();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static HandshakeStatus talk(SocketChannel connected) throws IOException {
    ClientHandshake client = ClientHandshake.builder().build();
    ByteBuffer answer = ByteBuffer.allocate(4096);
    connected.write(client.takeOutput());
    while (client.status() instanceof NeedsMore && connected.read(answer.clear()) >= 0) {
      client.receive(answer.flip());
      connected.write(client.takeOutput());
    }
    return client.status();
  }

  @Test
  @DisplayName("AUTH-33 the own user gets in")
  void ownUser() throws Exception {
    CompletableFuture<String> server = serving();
    try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertInstanceOf(Authenticated.class, talk(connected));
    }
    assertEquals("EXTERNAL as uid " + SELF, server.get());
  }

  @Test
  @DisplayName("AUTH-32 whoever claims another uid than the socket's does not get in")
  void anotherClaim() throws Exception {
    CompletableFuture<String> server = serving();
    try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      for (long claim : new long[] {SELF + 1, SELF + 1000}) {
        assertEquals(
            "REJECTED EXTERNAL DBUS_COOKIE_SHA1",
            say(connected, (claim == SELF + 1 ? "\0" : "") + "AUTH EXTERNAL " + hex(claim)));
      }
      connected.write(Talk.bytes("BEGIN\r\n"));
      assertEquals(-1, connected.read(ByteBuffer.allocate(1)));
    }
    assertTrue(server.get().startsWith("refused, BEGIN_BEFORE_OK"), server.get());
  }

  @Test
  @DisplayName("AUTH-32 another user does not get in, whatever he claims")
  void anotherUser() throws Exception {
    assumeTrue(SELF == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    CompletableFuture<String> server = serving();
    Process process =
        ProcessOfTests.command(
                "SOCKET=" + path + " setpriv --reuid 65534 --clear-groups", Intruder.class)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String heard = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, process.waitFor());
    String rejected = "REJECTED DBUS_COOKIE_SHA1\n";
    assertEquals(rejected.repeat(3), heard);
    assertEquals("unfinished", server.get());
  }

  /// A process of another user, who claims to be the server's.
  static final class Intruder {
    private Intruder() {}

    @SuppressWarnings("SystemOut") // It is for the test that has started the process.
    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(System.getenv("SOCKET"));
      try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        System.out.println(say(connected, "\0AUTH EXTERNAL " + hex(0)));
        System.out.println(say(connected, "AUTH EXTERNAL " + hex(65534)));
        System.out.println(say(connected, "AUTH EXTERNAL"));
      }
    }
  }

  @Test
  @DisplayName("SEC-23 of a socket that is no unix socket nothing is known")
  void tcp() throws IOException {
    try (ServerSocketChannel tcp = ServerSocketChannel.open()) {
      tcp.bind(new InetSocketAddress("localhost", 0));
      try (SocketChannel connected = SocketChannel.open(tcp.getLocalAddress());
          SocketChannel accepted = tcp.accept()) {
        assertEquals(Credentials.UNKNOWN, Credentials.ofPeer(accepted));
        assertEquals(Credentials.UNKNOWN, Credentials.ofPeer(connected));
      }
    }
  }

  /// Sends a line and reads one, which comes without its end.
  private static String say(SocketChannel connected, String line) throws IOException {
    connected.write(Talk.bytes(line + "\r\n"));
    StringBuilder answer = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (!answer.toString().endsWith("\r\n") && connected.read(one.clear()) == 1) {
      answer.append((char) one.get(0));
    }
    return answer.toString().trim();
  }

  private static String hex(long uid) {
    return Payload.ofText(Long.toString(uid)).hex();
  }
}
