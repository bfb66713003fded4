package dbus.auth;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// The bytes that wait to be sent, and the count of all that ever were. The limit is on the total:
/// a peer gets so much out of a handshake, whether it reads the answers or not.
final class Output {
  private final int limit;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(64);
  private int total;

  Output(int limit) {
    this.limit = limit;
  }

  /// Adds all of these bytes, or none of them if they would exceed the limit.
  ///
  /// @return whether they were added
  boolean add(byte[] bytes) {
    if (bytes.length > limit - total) {
      return false;
    }
    total += bytes.length;
    waiting.writeBytes(bytes);
    return true;
  }

  boolean isEmpty() {
    return waiting.size() == 0;
  }

  ByteBuffer take() {
    ByteBuffer taken = ByteBuffer.wrap(waiting.toByteArray());
    waiting.reset();
    return taken;
  }

  void clear() {
    waiting.reset();
  }
}
