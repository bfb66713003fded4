package dbus.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts bytes as a stream may: anywhere. What an input says of it is one byte, so that inputs stay
/// short, and a change of the byte is another cut.
final class Pieces {
  private Pieces() {}

  /// All of the bytes, in order, in pieces of at least one byte.
  ///
  /// @param how 0 for one piece, 1 for a piece for each byte; else pieces of 1 to 64 bytes
  static List<ByteBuffer> of(byte[] bytes, int how) {
    List<ByteBuffer> pieces = new ArrayList<>();
    int state = how;
    for (int at = 0; at < bytes.length; ) {
      state = state * 1_103_515_245 + 12_345;
      int length =
          switch (how) {
            case 0 -> bytes.length;
            case 1 -> 1;
            default -> (state >>> 16) % 64 + 1;
          };
      length = Math.min(length, bytes.length - at);
      pieces.add(ByteBuffer.wrap(bytes, at, length).slice());
      at += length;
    }
    return pieces;
  }
}
