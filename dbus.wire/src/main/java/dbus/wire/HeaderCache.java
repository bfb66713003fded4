package dbus.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Whole headers that were received lately, found by their bytes: peers make the same calls and
/// send the same signals again and again, and then only the numbers in front of the fields are new.
///
/// What was valid is valid again, byte for byte; so a header that is found is not looked at again.
/// It is kept when it comes for the second time, so that headers which never come again cost no
/// object. Answers are not looked up: each has the serial of another call in its fields.
///
/// Bounded, since peers choose what is in it: 256 headers of at most 512 bytes. A slot is
/// overwritten when two headers meet there. Threads race for the slots without harm: an entry has
/// only final fields, so that whatever entry a thread finds is whole; and the header in it is not
/// changed any more.
final class HeaderCache {
  private static final int SLOTS = 256;
  private static final int MAX_LENGTH = 512;

  /// The golden ratio as a fraction of 2^64, odd.
  private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

  /// Even, so that a factor that was odd stays so.
  private static final long STEP = 0xd1b5_4a32_d192_ed04L;

  /// For each slot the hash of the header that came last and was not found.
  private static final int[] MET = new int[SLOTS];

  private static final @Nullable Entry[] ENTRIES = new Entry[SLOTS];

  /// One header, and its bytes up to where the body begins.
  private static final class Entry {
    final byte[] bytes;
    final Header header;

    Entry(byte[] bytes, Header header) {
      this.bytes = bytes;
      this.header = header;
    }
  }

  /// Where the length of the fields is, which says how much of the last bytes is padding.
  private static final int LENGTH_OF_FIELDS = FixedHeader.LENGTH - Integer.BYTES;

  private HeaderCache() {}

  /// Whether headers like this one are looked up.
  static boolean isFor(FixedHeader fixed) {
    return (fixed.type() == MessageType.METHOD_CALL.code()
            || fixed.type() == MessageType.SIGNAL.code())
        && fixed.fieldsLength() <= MAX_LENGTH;
  }

  /// A number that depends on all bytes of the fields. Padded, they are a multiple of eight.
  static int hash(byte[] data, int start, FixedHeader fixed) {
    long hash = fixed.fieldsLength();
    long factor = MIX;
    int end = start + fixed.bodyAt();
    for (int at = start + FixedHeader.LENGTH; at < end; at += Long.BYTES) {
      // Another odd factor for each place, so that no product waits for the one before.
      hash += Bytes.getLong(data, at, true) * factor;
      factor += STEP;
    }
    long mixed = (hash ^ (hash >>> 32)) * MIX;
    return (int) (mixed >>> 32);
  }

  /// The header with the same fields, for the same type and in the same byte order, if it was
  /// received lately.
  static @Nullable Header find(int hash, byte[] data, int start, FixedHeader fixed) {
    Entry found = ENTRIES[slot(hash)];
    if (found == null
        || found.header.typeCode != fixed.type()
        || found.header.little != fixed.little()
        || !Arrays.equals(
            found.bytes,
            LENGTH_OF_FIELDS,
            found.bytes.length,
            data,
            start + LENGTH_OF_FIELDS,
            start + fixed.bodyAt())) {
      return null;
    }
    return found.header;
  }

  /// Notes a header that was found valid, but not found here.
  static void met(int hash, byte[] data, int start, FixedHeader fixed)
      throws InvalidMessageException {
    int slot = slot(hash);
    if (MET[slot] != hash) {
      MET[slot] = hash;
      return;
    }
    // Read once more, from the copy: whoever changes an array while it is decoded harms nobody but
    // himself.
    byte[] bytes = Arrays.copyOfRange(data, start, start + fixed.bodyAt());
    ENTRIES[slot] = new Entry(bytes, new HeaderParser(bytes, 0, fixed).parse().fieldsOnly());
  }

  private static int slot(int hash) {
    return hash & (SLOTS - 1);
  }
}
