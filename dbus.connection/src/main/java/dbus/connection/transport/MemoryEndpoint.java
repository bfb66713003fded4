package dbus.connection.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One of two sides that are joined in memory, which can be written to without waiting.
record MemoryEndpoint(MemoryChannel channel) implements Endpoint {

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    return channel.read(bytes);
  }

  @Override
  public List<FileDescriptor> takeUnixFds() {
    return List.of();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    Endpoint.requireNone(unixFds);
    channel.offer(bytes);
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    Endpoint.requireNone(unixFds);
    channel.write(bytes);
  }

  @Override
  public int maxUnixFds() {
    return 0;
  }

  @Override
  public void shutdown() {
    channel.close();
  }

  @Override
  public void close() {
    channel.close();
  }
}
