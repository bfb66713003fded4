package dbus.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.ChannelTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said of a connection that ended since reading or writing failed: what failed, and why.
class BrokenTransportTest {

  private record FailingInput(Exception why) {
    InputStream stream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
          if (why instanceof IOException e) {
            throw e;
          }
          throw (RuntimeException) why;
        }
      };
    }
  }

  private static OutputStream failingOutput(IOException why) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        throw why;
      }
    };
  }

  private static CloseReason end(InputStream in, OutputStream out) {
    return DBusConnection.serverSide(ChannelTransport.of(in, out), Guid.random())
        .start()
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IOException("Too many open files"), "Too many open files"),
        Arguments.of(new ClosedChannelException(), "java.nio.channels.ClosedChannelException"),
        Arguments.of(
            new IllegalStateException("no luck"), "java.lang.IllegalStateException: no luck"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  @DisplayName("CONN-31 why reading failed is told")
  void reading(Exception why, String text) {
    CloseReason reason = end(new FailingInput(why).stream(), OutputStream.nullOutputStream());
    assertEquals(Kind.BROKEN, reason.kind());
    assertEquals("reading failed: " + text, reason.detail());
    Exception cause = reason.cause().orElseThrow();
    assertTrue(why.equals(cause) || why.equals(cause.getCause()), cause::toString);
  }

  @Test
  @DisplayName("CONN-31 why writing failed is told")
  void writing() {
    IOException why = new IOException("No space left on device");
    byte[] hello = "\0AUTH EXTERNAL\r\n".getBytes(US_ASCII);
    CloseReason reason = end(new ByteArrayInputStream(hello), failingOutput(why));
    assertEquals(Kind.BROKEN, reason.kind());
    assertEquals("writing failed: No space left on device", reason.detail());
    assertSame(why, reason.cause().orElseThrow());
  }

  @Test
  @DisplayName("CONN-31 a client is told once why its connection came to nothing")
  void client() {
    ChannelTransport transport =
        ChannelTransport.of(
            InputStream.nullInputStream(), failingOutput(new IOException("Broken pipe")));
    IOException failure =
        assertThrows(IOException.class, () -> DBusConnection.clientSide(transport).connect());
    String text = String.valueOf(failure.getMessage());
    assertEquals(text.indexOf("Broken pipe"), text.lastIndexOf("Broken pipe"), text);
    assertTrue(text.contains("Broken pipe"), text);
  }
}
