package dbus.connection;

import dbus.connection.pcapng.PacketWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Writes the messages of connections to a pcapng file, for Wireshark and its like.
///
/// ```java
/// try (Capture capture = Capture.to(Path.of("peer.pcapng"))) {
///   capture.add(connection);
///   connection.call(path, "com.example.Greeter1", "Greet", Body.of(STRING, "you"));
/// }
/// ```
///
/// A server is captured as a whole where its new connections are shown:
/// `DBusServer.at(address).onConnection(capture::add)`.
///
/// What is captured are the bytes themselves, as they came and as they leave, nearest to the wire:
/// before the filters of what comes, and after them of what leaves; also the message that is
/// invalid and ends a connection. The handshake is not captured, and file descriptors are only
/// counted in the messages. Each connection is an interface of the file; each message says when it
/// came or was queued, to the nanosecond as far as the clock goes, and in which direction.
///
/// **Limits.** Of a message up to 256 KiB are kept, unless another limit is given, and of what
/// waits to be written 16 MiB: a connection never waits for the file, and messages for which there
/// is no room are lost there, and counted. If the file cannot be written the capture ends, the log
/// tells of it, and the connections go on.
///
/// The file contains what was said, passwords included: one that is made here is for its owner
/// alone. All methods may be called from any thread.
public final class Capture implements AutoCloseable {

  /// How many bytes of a message are kept by default, as in other programs that capture: 256 KiB.
  public static final int DEFAULT_MESSAGE_BYTES = 1 << 18;

  private static final int SMALLEST_MESSAGE_BYTES = 16;

  private static final int LARGEST_MESSAGE_BYTES = 1 << 27;

  /// What waits to be written, in bytes.
  private static final long WAITING = 16L << 20;

  /// What is said of a connection may contain all groups of a user.
  private static final int LONGEST_TEXT = 500;

  private final PacketWriter writer;
  private final int mostBytes;
  private final Set<Registration> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Capture(OutputStream out, int mostBytes, long waiting) {
    if (mostBytes < SMALLEST_MESSAGE_BYTES || mostBytes > LARGEST_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "of a message 16 to 134217728 bytes are kept, not " + mostBytes);
    }
    this.mostBytes = mostBytes;
    this.writer = new PacketWriter(new BufferedOutputStream(out), mostBytes, waiting, this::end);
    writer.start();
  }

  /// Captures to a file, which is made, or overwritten. It may be a pipe that is being read.
  ///
  /// @throws IOException if it cannot be written
  public static Capture to(Path file) throws IOException {
    return to(file, DEFAULT_MESSAGE_BYTES);
  }

  /// The same with another limit.
  ///
  /// @param mostBytes how many bytes of a message are kept, from 16 to 128 MiB
  /// @throws IOException if it cannot be written
  public static Capture to(Path file, int mostBytes) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] onlyOwner =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            onlyOwner);
    return to(Channels.newOutputStream(channel), mostBytes);
  }

  /// Captures to a stream, which is closed at the end.
  ///
  /// @param mostBytes how many bytes of a message are kept, from 16 to 128 MiB
  public static Capture to(OutputStream out, int mostBytes) {
    return new Capture(out, mostBytes, WAITING);
  }

  /// Captures the messages of a connection from now on, until it ends or the capture is closed. One
  /// that is just being received is passed over.
  ///
  /// @return closing it ends the capture of this connection
  public Registration add(DBusConnection connection) {
    PacketWriter.Source source = new PacketWriter.Source(connection.name(), about(connection));
    Registration tap =
        connection.addWiretap(
            (direction, kept, length) ->
                writer.packet(source, direction == Direction.INCOMING, kept, length),
            mostBytes);
    Registration[] own = new Registration[1];
    Registration end =
        new Registration(() -> {
          tap.close();
          if (running.remove(own[0])) {
            writer.end(source);
          }
        });
    own[0] = end;
    running.add(end);
    if (closed) {
      end.close();
    }
    var _ = connection.closed().thenAccept(reason -> end.close());
    return end;
  }

  private static String about(DBusConnection connection) {
    String text =
        "%s %s, server %s"
            .formatted(
                connection.mechanism(),
                connection.identity().map(Object::toString).orElse("without identity"),
                connection.serverGuid());
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
  }

  /// How many messages were captured, with those that were lost.
  public long messages() {
    return writer.packets();
  }

  /// How many messages are missing in the file, because they came faster than it could be written.
  public long lost() {
    return writer.lost();
  }

  /// Why the capture has ended, if writing has failed.
  public Optional<IOException> failure() {
    return writer.failure();
  }

  /// Ends the capture. Waits until the file is complete, for five seconds at most; the connections
  /// do not wait. Does nothing if it is closed.
  @Override
  public void close() {
    end();
    writer.close();
  }

  private void end() {
    closed = true;
    running.forEach(Registration::close);
  }
}
