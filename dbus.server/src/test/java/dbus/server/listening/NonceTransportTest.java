package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.HandshakeLimits;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What becomes of a peer that shows a nonce, or does not, and how its end is told.
class NonceTransportTest {

  private static final byte[] NONCE = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final TransportPair pair = TransportPair.inMemory();
  private final NonceTransport server = new NonceTransport(pair.server(), NONCE);

  /// Of the thread that reads, until it has hung up.
  private final StringBuilder heard = new StringBuilder();

  private final CompletableFuture<String> hungUp = new CompletableFuture<>();

  @AfterEach
  void close() {
    pair.client().close();
  }

  private CloseReason serve(Duration limit, byte[]... pieces) throws Exception {
    CompletableFuture<CloseReason> over =
        DBusConnection.serverSide(server, Guid.random())
            .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(limit))
            .start()
            .toCompletableFuture();
    Transport client = pair.client();
    client.start(new Listening());
    for (byte[] piece : pieces) {
      client.write(ByteBuffer.wrap(piece), List.of());
    }
    return over.get();
  }

  private final class Listening implements Receiver {

    @Override
    public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
      heard.append(StandardCharsets.US_ASCII.decode(bytes));
      return true;
    }

    @Override
    public boolean resumed() {
      return true;
    }

    @Override
    public void ended(Optional<IOException> failure) {
      hungUp.complete(heard.toString());
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName("SERV-27 a wrong nonce is told as such, and not answered")
  void wrong() throws Exception {
    CloseReason reason = serve(Duration.ofMinutes(1), ascii("0123456789abcdeF\0AUTH\r\n"));
    assertEquals(CloseReason.Kind.NOT_AUTHENTICATED, reason.kind());
    assertTrue(reason.detail().contains("it has shown a wrong nonce"), reason::detail);
    assertEquals("", hungUp.get());
  }

  @Test
  @DisplayName(
      "SERV-27, SEC-34 a peer that shows no nonce is ended by the deadline of the handshake")
  void silent() throws Exception {
    CloseReason reason = serve(Duration.ofMillis(50), ascii("0123456789abcde"));
    assertEquals(CloseReason.Kind.NOT_AUTHENTICATED, reason.kind());
    assertTrue(reason.detail().startsWith("TIMED_OUT"), reason::detail);
    assertEquals("", hungUp.get());
  }

  @Test
  @DisplayName("SERV-27 what comes with the nonce in one piece is the handshake's")
  void inOnePiece() throws Exception {
    CloseReason reason = serve(Duration.ofMinutes(1), ascii("0123456789abcdef\0AUTH\r\nBEGIN\r\n"));
    assertEquals(CloseReason.Kind.NOT_AUTHENTICATED, reason.kind());
    assertTrue(hungUp.get().startsWith("REJECTED "), hungUp::toString);
  }
}
