package dbus.connection.outgoing;

import java.util.function.IntPredicate;

/// The serials of the messages to a peer: 1, 2, 3 … as unsigned numbers, but for zero, which is no
/// serial, and those that a reply is still waited for. Used under the lock of the [Outbox].
final class Serials {

  private final IntPredicate inUse;
  private int last;

  Serials(IntPredicate inUse) {
    this.inUse = inUse;
  }

  /// The next one, again and again until it is given.
  int next() {
    int next = last + 1;
    while (next == 0 || inUse.test(next)) {
      next++;
    }
    return next;
  }

  /// A message bears it.
  void given(int serial) {
    last = serial;
  }

  /// One that the sender has chosen.
  int requireFree(int serial) {
    if (serial == 0) {
      throw new IllegalArgumentException("the message has no serial to preserve");
    }
    if (inUse.test(serial)) {
      throw new IllegalArgumentException(
          "the serial %s is that of a call that waits for its reply"
              .formatted(Integer.toUnsignedString(serial)));
    }
    return serial;
  }
}
