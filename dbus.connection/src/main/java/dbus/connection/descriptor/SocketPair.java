package dbus.connection.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/// Makes two unix stream sockets that are connected to each other. That of junixsocket leaves two
/// more sockets open for each pair, for good.
public final class SocketPair {

  private SocketPair() {}

  /// A new pair, close-on-exec.
  ///
  /// @throws IOException if this process has too many descriptors, among other reasons
  public static List<FileDescriptor> open() throws IOException {
    return SystemCalls.AVAILABLE ? ofLinux() : ofMeeting();
  }

  private static List<FileDescriptor> ofLinux() throws IOException {
    MemorySegment numbers = SystemCalls.memory(2 * JAVA_INT.byteSize());
    int result = SystemCalls.socketPair(SystemCalls.memory(SystemCalls.ERRNO_BYTES), numbers);
    if (result < 0) {
      throw SystemCalls.failure("a pair of sockets cannot be made", result);
    }
    return List.of(descriptor(numbers, 0), descriptor(numbers, 1));
  }

  private static FileDescriptor descriptor(MemorySegment numbers, int index) throws IOException {
    return FileDescriptorCast.unsafeUsing(numbers.getAtIndex(JAVA_INT, index)).getFileDescriptor();
  }

  /// Two that meet at a path, in a directory that nobody else may enter.
  private static List<FileDescriptor> ofMeeting() throws IOException {
    Path directory = Files.createTempDirectory("dbus-pair");
    Path path = directory.resolve("s");
    try (AFUNIXServerSocketChannel listening = AFUNIXServerSocketChannel.open()) {
      listening.bind(AFUNIXSocketAddress.of(path));
      AFUNIXSocketChannel one = AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(path));
      AFUNIXSocketChannel other = listening.accept();
      // To close the channels would be to shut the sockets down.
      return Descriptors.adopt(one.getFileDescriptor(), other.getFileDescriptor());
    } finally {
      Files.deleteIfExists(path);
      Files.delete(directory);
    }
  }
}
