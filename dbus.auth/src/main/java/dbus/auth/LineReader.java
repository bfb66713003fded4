package dbus.auth;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Cuts the incoming bytes into lines that end with CR LF, and takes not one byte more than it
/// needs: what follows the last line of a handshake is message data (AUTH-12).
///
/// A CR or LF that stands alone ends nothing and stays in the line, where the parser refuses it
/// (AUTH-03). The buffer grows with what arrives, and never beyond the limit.
final class LineReader {
  private static final int FIRST_CAPACITY = 128;

  private final int limit;
  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int length;
  private boolean tooLong;

  LineReader(int limit) {
    this.limit = limit;
  }

  /// Consumes bytes until a line is whole; empty if it is not, because the bytes ran out or because
  /// the line is too long.
  ///
  /// @return the line without its CR LF
  Optional<byte[]> read(ByteBuffer in) {
    while (in.hasRemaining() && !tooLong) {
      byte next = in.get();
      if (next == '\n' && length > 0 && buffer[length - 1] == '\r') {
        byte[] line = Arrays.copyOf(buffer, length - 1);
        clear();
        return Optional.of(line);
      }
      append(next);
    }
    return Optional.empty();
  }

  /// Whether more than the limit arrived without a line end. Nothing is read from then on.
  boolean isTooLong() {
    return tooLong;
  }

  /// Empties the buffer. The line that was cut from it is a copy, which lives on, as do the texts
  /// that are made of that; none of them holds a secret, see the page of the package.
  void clear() {
    Arrays.fill(buffer, 0, length, (byte) 0);
    length = 0;
  }

  private void append(byte next) {
    if (length == limit) {
      tooLong = true;
      clear();
      return;
    }
    if (length == buffer.length) {
      byte[] larger = Arrays.copyOf(buffer, Math.min(limit, 2 * length));
      Arrays.fill(buffer, (byte) 0);
      buffer = larger;
    }
    buffer[length++] = next;
  }
}
