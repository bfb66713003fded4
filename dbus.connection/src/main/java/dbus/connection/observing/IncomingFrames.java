package dbus.connection.observing;

import dbus.connection.Direction;
import dbus.wire.InvalidMessageException;
import dbus.wire.MessageDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Cuts the bytes of a peer into messages for a wiretap, and keeps no more of each than that wants.
///
/// This repeats what the decoder does, so that the decoder need not keep anything for those who
/// listen in, and so that they get to see also the message that ends a connection.
public final class IncomingFrames {

  /// From so many bytes on the length of a message is known.
  private static final int FIXED_LENGTH = 16;

  /// What is kept for the next message, in bytes, so that small ones cost nothing.
  private static final int REUSED = 4096;

  private final Wiretap tap;
  private final int most;

  /// Of a message that was under way when this began; negative before it began.
  private int skip = -1;

  private byte[] kept = new byte[FIXED_LENGTH];
  private int filled;

  /// Of the unfinished message, of which `seen` bytes have come; 0 until it is known.
  private int length;

  private int seen;
  private boolean invalid;

  /// @param most how many bytes of a message are kept
  public IncomingFrames(Wiretap tap, int most) {
    this.tap = tap;
    this.most = most;
  }

  /// Takes bytes that are about to be fed to the decoder; begins with the first message that begins
  /// in them.
  public void add(ByteBuffer bytes, MessageDecoder decoder) {
    if (skip < 0 && !begins(decoder)) {
      return;
    }
    int skipped = Math.min(skip, bytes.remaining());
    skip -= skipped;
    bytes.position(bytes.position() + skipped);
    while (bytes.hasRemaining() && !invalid) {
      take(bytes);
    }
  }

  /// In the middle of the first bytes of a message nobody knows its end; then with the next bytes.
  private boolean begins(MessageDecoder decoder) {
    int pending = decoder.pending();
    if (pending > 0 && pending < FIXED_LENGTH) {
      return false;
    }
    skip = pending == 0 ? 0 : decoder.missing();
    return true;
  }

  private void take(ByteBuffer bytes) {
    if (length == 0) {
      keep(bytes, FIXED_LENGTH - seen);
      if (seen < FIXED_LENGTH) {
        return;
      }
      try {
        length = MessageDecoder.messageLength(ByteBuffer.wrap(kept, 0, filled)).orElseThrow();
      } catch (InvalidMessageException e) {
        // The decoder is about to say so. Nothing after it is a message.
        invalid = true;
        keep(bytes, bytes.remaining());
        show(seen);
        return;
      }
    }
    keep(bytes, length - seen);
    if (seen == length) {
      show(length);
    }
  }

  private void keep(ByteBuffer bytes, int count) {
    int taken = Math.min(count, bytes.remaining());
    int added = Math.min(taken, Math.max(0, most - filled));
    if (filled + added > kept.length) {
      kept = Arrays.copyOf(kept, (int) Math.min(most, Math.max(filled + added, 2L * kept.length)));
    }
    bytes.get(kept, filled, added);
    bytes.position(bytes.position() + taken - added);
    filled += added;
    seen += taken;
  }

  private void show(int whole) {
    tap.message(Direction.INCOMING, ByteBuffer.wrap(kept, 0, filled), whole);
    if (kept.length > REUSED) {
      kept = new byte[FIXED_LENGTH];
    }
    filled = 0;
    length = 0;
    seen = 0;
  }
}
