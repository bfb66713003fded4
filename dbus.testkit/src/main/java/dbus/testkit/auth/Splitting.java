package dbus.testkit.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A way in which bytes arrive: in pieces of these sizes, over and over.
///
/// @param sizes of the pieces, each at least 1; none for all at once
public record Splitting(List<Integer> sizes) {

  /// Copies and checks the sizes.
  ///
  /// @throws IllegalArgumentException if one of them is less than 1
  public Splitting {
    sizes = List.copyOf(sizes);
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("sizes must be at least 1: " + sizes);
    }
  }

  /// The pieces of these bytes, in order; no piece is empty.
  public List<ByteBuffer> pieces(ByteBuffer bytes) {
    List<ByteBuffer> pieces = new ArrayList<>();
    int turn = 0;
    int at = bytes.position();
    while (at < bytes.limit()) {
      int size = sizes.isEmpty() ? bytes.limit() : sizes.get(turn++ % sizes.size());
      int length = Math.min(size, bytes.limit() - at);
      pieces.add(bytes.slice(at, length));
      at += length;
    }
    return pieces;
  }

  /// The pieces of this text, of which each character is one byte.
  public List<ByteBuffer> pieces(String text) {
    return pieces(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
