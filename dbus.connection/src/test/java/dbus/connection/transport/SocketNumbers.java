package dbus.connection.transport;

import dbus.connection.descriptor.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.newsclub.net.unix.FileDescriptorCast;

/// Sockets of the JDK by their numbers, as another process would hand them over.
final class SocketNumbers {

  // Of the kernel's tables.
  static final String LISTENING = "0A";
  static final String CONNECTED = "01";

  private SocketNumbers() {}

  /// A second descriptor of the tcp socket of this process that has a port.
  static int handedOver(int port, String state) throws IOException {
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
        String[] fields = line.strip().split(" +", -1);
        if (fields[1].endsWith(":%04X".formatted(port)) && fields[3].equals(state)) {
          int number = numberOf("socket:[" + fields[9] + "]");
          return Descriptors.number(
              Descriptors.duplicate(FileDescriptorCast.unsafeUsing(number).getFileDescriptor()));
        }
      }
    }
    throw new AssertionError("no socket has port " + port);
  }

  private static int numberOf(String target) throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        if (Files.isSymbolicLink(one) && Files.readSymbolicLink(one).toString().equals(target)) {
          return Integer.parseInt(one.getFileName().toString());
        }
      }
    }
    throw new AssertionError(target);
  }
}
