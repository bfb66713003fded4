package dbus.connection.reading;

/// Whether some code of the user's is known to be quick, which decides on which thread it starts.
///
/// Everything counts as quick until the thread that reads had to be relieved of it. From then on it
/// starts on another thread, until it has been quick there many times in a row. Threads that race
/// here may miscount, which costs one hop or one relief.
public final class Pace {
  /// A hop to another thread costs a few times this.
  private static final long QUICK_NANOS = 20_000;

  private static final int PROOF = 64;

  private volatile int quickToGo;

  public boolean isQuick() {
    return quickToGo == 0;
  }

  /// It has kept the thread that reads too long.
  public void tookLong() {
    quickToGo = PROOF;
  }

  /// The code, to be run on another thread, where it shows how long it takes.
  public Runnable measured(Runnable code) {
    return () -> {
      long begun = System.nanoTime();
      code.run();
      tookElsewhere(System.nanoTime() - begun);
    };
  }

  /// It has run on another thread.
  @SuppressWarnings("NonAtomicVolatileUpdate") // See above.
  public void tookElsewhere(long nanos) {
    if (nanos > QUICK_NANOS) {
      quickToGo = PROOF;
    } else if (quickToGo > 0) {
      quickToGo--;
    }
  }
}
