package dbus.connection.observing;

import dbus.connection.Direction;
import java.nio.ByteBuffer;

/// Is shown the messages of a connection as bytes: as they came, and as they leave.
@FunctionalInterface
public interface Wiretap {

  /// One message. Called where it must be quick, and under a lock of the connection: it copies what
  /// it needs, and does nothing else.
  ///
  /// @param kept the first bytes of the message, or all; its own only during the call
  /// @param length of the whole message
  void message(Direction direction, ByteBuffer kept, int length);
}
