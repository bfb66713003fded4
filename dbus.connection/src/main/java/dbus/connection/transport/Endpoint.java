package dbus.connection.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/// What a [ChannelTransport] reads from and writes to. One thread reads, and one at a time writes.
interface Endpoint {

  /// Waits for bytes.
  ///
  /// @return how many have come; -1 at the end of the stream; 0 if none have come for so long that
  ///   it may be worth to wait with [#leave]
  int read(ByteBuffer bytes) throws IOException;

  /// Waits for bytes without a thread.
  ///
  /// @param resume goes on reading, on another thread, when there is something to read
  /// @return whether the calling thread is to leave; if not, it still reads
  default boolean leave(Runnable resume) {
    return false;
  }

  /// The descriptors that came with the bytes read last. They belong to the caller.
  List<FileDescriptor> takeUnixFds() throws IOException;

  /// Writes what can be written without waiting, perhaps nothing; the position of the buffer tells.
  /// All the descriptors leave with the first byte; they still belong to the caller.
  ///
  /// @throws UnixFdsRefusedException if the descriptors cannot travel; no byte is written then
  default void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {}

  /// Waits until some bytes at least are written, and with the first of them all the descriptors,
  /// which still belong to the caller.
  ///
  /// @throws UnixFdsRefusedException if the descriptors cannot travel; no byte is written then
  void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException;

  /// How many descriptors can come with one message.
  int maxUnixFds();

  /// Ends every wait, and keeps what the operating system may give to somebody else.
  void shutdown() throws IOException;

  /// Gives it back to the operating system.
  void close() throws IOException;

  /// A channel that carries bytes alone.
  static Endpoint of(ByteChannel channel) {
    return switch (channel) {
      case SocketChannel socket -> new SocketChannelEndpoint(socket);
      case MemoryChannel memory -> new MemoryEndpoint(memory);
      default -> of(channel, channel::close);
    };
  }

  /// Descriptors were given to an endpoint that carries bytes alone.
  static void requireNone(List<FileDescriptor> unixFds) throws UnixFdsRefusedException {
    if (!unixFds.isEmpty()) {
      throw new UnixFdsRefusedException("this transport carries no file descriptors", null);
    }
  }

  /// A channel that carries bytes alone, and has its own way to end every wait.
  static Endpoint of(ByteChannel channel, Ending ending) {
    return new BytesAlone(channel, ending);
  }

  /// Does what [#shutdown()] does.
  @FunctionalInterface
  interface Ending {
    void end() throws IOException;
  }

  /// A channel that carries bytes alone.
  record BytesAlone(ByteChannel channel, Ending ending) implements Endpoint {

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return channel.read(bytes);
    }

    @Override
    public List<FileDescriptor> takeUnixFds() {
      return List.of();
    }

    @Override
    public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
      requireNone(unixFds);
      channel.write(bytes);
    }

    @Override
    public int maxUnixFds() {
      return 0;
    }

    @Override
    public void shutdown() throws IOException {
      ending.end();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  static void shutdown(SocketChannel channel) throws IOException {
    try {
      channel.shutdownOutput();
    } finally {
      channel.shutdownInput();
    }
  }
}
