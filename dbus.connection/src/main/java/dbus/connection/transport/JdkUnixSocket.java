package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Connects with a unix socket of the JDK.
final class JdkUnixSocket {

  private static final Logger LOG = System.getLogger(JdkUnixSocket.class.getName());

  private JdkUnixSocket() {}

  /// A server whose backlog is full lets a client wait, and this socket knows no time: it is closed
  /// from outside then.
  static Transport connect(Path path, Duration limit) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> close(channel),
            CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS));
    try {
      var _ = channel.connect(UnixDomainSocketAddress.of(path));
      return ChannelTransport.of(channel, Credentials.ofPeer(channel));
    } catch (AsynchronousCloseException e) {
      SocketTimeoutException timeout = new SocketTimeoutException("no answer within " + limit);
      timeout.initCause(e);
      throw timeout;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    } finally {
      late.cancel(false);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a socket failed", e);
    }
  }
}
