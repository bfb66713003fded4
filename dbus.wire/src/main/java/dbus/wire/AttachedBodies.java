package dbus.wire;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// Bodies that stand between the bytes of a [MessageEncoder] without having been copied there: each
/// before the byte at a place in the encoder's array.
final class AttachedBodies {

  private static final class Attached {
    final Body body;
    int place;
    int taken;

    Attached(int place, Body body) {
      this.place = place;
      this.body = body;
    }

    int left() {
      return body.length() - taken;
    }
  }

  private final Deque<Attached> bodies = new ArrayDeque<>(0);
  private int size;

  /// How many of their bytes have not been taken.
  int size() {
    return size;
  }

  /// Adds a body behind all others.
  void add(int place, Body body) {
    bodies.add(new Attached(place, body));
    size += body.length();
  }

  /// How many bytes of the array come before the next body, or before the end.
  int distance(int from, int to) {
    Attached next = bodies.peek();
    return (next == null ? to : next.place) - from;
  }

  /// Takes as many bytes as there are of the body at this place, and fit.
  void drainTo(ByteBuffer target, int from) {
    Attached next = bodies.peek();
    if (next != null && next.place == from) {
      int count = Math.min(next.left(), target.remaining());
      next.body.copyTo(target, next.taken, count);
      take(next, count);
    }
  }

  /// Takes bytes of the body at this place away.
  ///
  /// @return how many, `most` at most
  int discard(int most, int from) {
    Attached next = bodies.peek();
    if (next == null || next.place != from) {
      return 0;
    }
    int count = Math.min(next.left(), most);
    take(next, count);
    return count;
  }

  private void take(Attached next, int count) {
    next.taken += count;
    size -= count;
    if (next.left() == 0) {
      bodies.remove();
    }
  }

  /// The bytes of the array now lie elsewhere.
  void moved(int by) {
    bodies.forEach(one -> one.place += by);
  }
}
