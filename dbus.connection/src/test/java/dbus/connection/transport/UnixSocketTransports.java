package dbus.connection.transport;

import java.io.IOException;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// Makes transports of sockets that a test has connected.
public final class UnixSocketTransports {

  private UnixSocketTransports() {}

  public static Transport of(AFUNIXSocketChannel channel) throws IOException {
    return ChannelTransport.ofUnixSocket(channel);
  }
}
