package dbus.connection;

import dbus.address.Address;
import dbus.auth.Credentials;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ChannelTransport;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.connection.transport.UnixSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/// A place where two sides meet, again and again: each kind of transport has one.
interface Meeting extends AutoCloseable {

  /// Two sides of this library.
  TransportPair ours() throws IOException;

  /// A side of this library, and one that is played by the test.
  Played played() throws IOException;

  @Override
  void close() throws IOException;

  /// A side of this library, and a channel to it.
  ///
  /// @param halfClose ends what the test sends, where the transport can do that
  record Played(Transport side, ByteChannel channel, HalfClose halfClose) {

    void sends(String text) throws IOException {
      sends(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void sends(byte[] bytes) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }

    void endsItsStream() throws IOException {
      halfClose.end();
    }

    /// Where something is unread, the other side sees a reset, where the transport has such.
    void leaves() throws IOException {
      channel.close();
    }
  }

  interface HalfClose {
    void end() throws IOException;
  }

  interface Dialling {
    SocketChannel dial() throws IOException;
  }

  /// Over the unix sockets of junixsocket, at a path in this directory.
  static Meeting overJunixsocket(Path directory) throws IOException {
    Path path = directory.resolve("junixsocket");
    return new AtSocket(
        UnixSockets.JUNIXSOCKET.bind(path),
        new Connector(UnixSockets.JUNIXSOCKET, false),
        Address.parse("unix:path=" + path),
        () -> AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(path)));
  }

  /// Over the unix sockets of the JDK, at a path in this directory.
  static Meeting overJdkUnixSockets(Path directory) throws IOException {
    Path path = directory.resolve("jdk");
    return new AtSocket(
        UnixSockets.JDK.bind(path),
        new Connector(UnixSockets.JDK, false),
        Address.parse("unix:path=" + path),
        () -> SocketChannel.open(UnixDomainSocketAddress.of(path)));
  }

  /// Over tcp, where both sides believe to know each other.
  static Meeting overTcp() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    SocketAddress where =
        listening
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000)
            .getLocalAddress();
    Acceptor acceptor =
        new Acceptor() {
          @Override
          public Transport accept() throws IOException {
            return ChannelTransport.of(listening.accept(), Credentials.ofThisProcess());
          }

          @Override
          public void close() {
            try {
              listening.close();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };
    return new AtSocket(
        acceptor,
        new Connector(UnixSockets.AUTOMATIC, false),
        Address.parse("tcp:host=127.0.0.1,port=" + ((InetSocketAddress) where).getPort()),
        () -> SocketChannel.open(where));
  }

  /// In memory.
  static Meeting inMemory() {
    return new InMemory();
  }

  /// At a socket that listens.
  record AtSocket(Acceptor acceptor, Connector connector, Address address, Dialling dialling)
      implements Meeting {

    @Override
    public TransportPair ours() throws IOException {
      Transport client = connector.connect(address, Duration.ofSeconds(30));
      return new TransportPair(client, acceptor.accept());
    }

    @Override
    public Played played() throws IOException {
      SocketChannel channel = dialling.dial();
      return new Played(acceptor.accept(), channel, channel::shutdownOutput);
    }

    @Override
    public void close() {
      acceptor.close();
    }
  }

  /// Nowhere.
  record InMemory() implements Meeting {

    @Override
    public TransportPair ours() {
      return TransportPair.inMemory();
    }

    @Override
    public Played played() {
      TransportPair pair = TransportPair.inMemory();
      Writing writing = new Writing(pair.client());
      return new Played(pair.server(), writing, writing::close);
    }

    @Override
    public void close() {}
  }

  /// A transport that is never read from.
  record Writing(Transport transport) implements ByteChannel {

    @Override
    public int read(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      transport.write(bytes, List.of());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      transport.close();
    }
  }
}
