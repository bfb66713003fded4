package dbus.testkit.wire;

import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Ways to decode bytes.
final class Decoding {
  private Decoding() {}

  /// The first message, or empty if more bytes are needed.
  static Optional<Message> first(byte[] bytes) throws InvalidMessageException {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    return decoder.next();
  }

  /// All messages of a stream that comes in pieces of the given sizes, the last size over and over.
  static List<Message> inPieces(byte[] stream, List<Integer> sizes) throws InvalidMessageException {
    MessageDecoder decoder = new MessageDecoder();
    List<Message> messages = new ArrayList<>();
    int at = 0;
    for (int i = 0; at < stream.length; i++) {
      int size = sizes.get(Math.min(i, sizes.size() - 1));
      int to = Math.min(stream.length, at + size);
      // A buffer of its own, wiped afterwards: the decoder keeps nothing that it does not own.
      byte[] piece = new byte[to - at];
      System.arraycopy(stream, at, piece, 0, piece.length);
      decoder.feed(ByteBuffer.wrap(piece));
      for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
        messages.add(m.get());
      }
      Arrays.fill(piece, (byte) 0xaa);
      at = to;
    }
    return messages;
  }

  static byte[] concatenated(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
