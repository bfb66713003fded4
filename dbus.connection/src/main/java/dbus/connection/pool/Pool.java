package dbus.connection.pool;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps a few things to be used again, such as direct buffers: to reserve one, and to have the
/// garbage collector release it, costs more than a short connection does. What was given back last
/// is taken first, since its memory is the likeliest to be in a cache of the processor.
///
/// Any thread may take and give back at any time. There is no lock: the things are a stack whose
/// top is replaced, and each place in it is a new object, so that an old top is never mistaken for
/// the present one.
///
/// @param <T> what is kept
public final class Pool<T> {

  /// @param count how many there are from here down
  private record Place<T>(T thing, @Nullable Place<T> below, int count) {}

  private final AtomicReference<@Nullable Place<T>> top = new AtomicReference<>();
  private final int most;
  private final Supplier<T> making;

  /// @param most how many are kept; what is given back beyond that is garbage
  /// @param making makes a new one, where none is kept
  public Pool(int most, Supplier<T> making) {
    this.most = most;
    this.making = making;
  }

  /// Takes one, as whoever gave it back has left it, or makes one.
  public T take() {
    Place<T> first = top.get();
    while (first != null) {
      if (top.compareAndSet(first, first.below)) {
        return first.thing;
      }
      first = top.get();
    }
    return making.get();
  }

  /// Gives one back, which the caller must not use any more. Never fails: whoever gives back may be
  /// cleaning up for want of memory.
  public void giveBack(T thing) {
    try {
      while (!put(thing)) {
        Thread.onSpinWait();
      }
    } catch (OutOfMemoryError noPlace) {
      // It is garbage then, as beyond the most.
    }
  }

  /// Whether it is done with: kept, or one too many.
  private boolean put(T thing) {
    Place<T> first = top.get();
    int count = first == null ? 0 : first.count;
    return count >= most || top.compareAndSet(first, new Place<>(thing, first, count + 1));
  }
}
