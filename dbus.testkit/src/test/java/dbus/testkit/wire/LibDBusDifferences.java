package dbus.testkit.wire;

import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.Stream;

/// The lines of the conformance list by which this library and libdbus judge a message differently.
/// What is not listed here is a bug, in one or the other.
final class LibDBusDifferences {
  /// What libdbus takes for a unique name.
  static final String LENIENT_UNIQUE_NAME = ":(\\.?[A-Za-z0-9_-])*";

  private static final int MAX_CONTAINERS = 64;

  private LibDBusDifferences() {}

  /// Why this library refuses a message that libdbus accepts, or empty if nothing explains it.
  static Optional<String> reasonToRefuse(
      InvalidMessageException e, LibDBusMessage accepted, byte[] bytes) {
    return switch (e.violation()) {
      case BUS_NAME ->
          Stream.of("sender", "destination")
                  .flatMap(field -> accepted.text(field).stream())
                  .anyMatch(name -> name.matches(LENIENT_UNIQUE_NAME))
              ? Optional.of("NAME-07")
              : Optional.empty();
      // libdbus looks for the descriptor when the argument is read. In a header field no index is
      // wrong (MSG-12).
      case UNIX_FD_INDEX ->
          e.offset() >= fieldsEnd(bytes) ? Optional.of("FD-05") : Optional.empty();
      // libdbus counts a container when it looks at what is inside; where it does not look, since
      // the array is empty or of elements of a fixed size, it lets one more pass.
      case TOO_DEEP ->
          accepted.depth() == MAX_CONTAINERS + 1 ? Optional.of("WIRE-22") : Optional.empty();
      default -> Optional.empty();
    };
  }

  /// Why libdbus refuses a message that this library accepts, or empty if nothing explains it.
  static Optional<String> reasonOfLibDBusToRefuse(Message accepted, byte[] bytes) {
    // The decoder knows no descriptors, which the connection counts; here none came.
    if (accepted.unixFds() > 0) {
      return Optional.of("FD-03");
    }
    // NAME-10 reserves two names; libdbus refuses all that begin like one of them.
    if (isLikeReserved(accepted)) {
      return Optional.of("NAME-10");
    }
    return hasField10(bytes) ? Optional.of("MSG-13") : Optional.empty();
  }

  private static boolean isLikeReserved(Message message) {
    return switch (message) {
      case MethodCall call ->
          isLikeReserved(call.path())
              || call.interfaceName().filter(n -> isLikeReserved(n)).isPresent();
      case Signal signal -> isLikeReserved(signal.path()) || isLikeReserved(signal.interfaceName());
      default -> false;
    };
  }

  private static boolean isLikeReserved(ObjectPath path) {
    return path.value().startsWith(ObjectPath.LOCAL.value());
  }

  private static boolean isLikeReserved(InterfaceName name) {
    return name.value().startsWith(InterfaceName.LOCAL.value());
  }

  /// Whether a header field may have code 10, which libdbus reserves; they begin at multiples of 8.
  private static boolean hasField10(byte[] bytes) {
    int end = fieldsEnd(bytes);
    for (int at = 16; at < end; at += 8) {
      if (bytes[at] == 10) {
        return true;
      }
    }
    return false;
  }

  private static int fieldsEnd(byte[] bytes) {
    ByteOrder order = bytes[0] == 'B' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return 16 + ByteBuffer.wrap(bytes).order(order).getInt(12);
  }
}
