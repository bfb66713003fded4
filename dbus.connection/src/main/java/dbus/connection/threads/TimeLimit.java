package dbus.connection.threads;

import java.time.Duration;

/// One deadline for several steps: what one of them takes, the others have no more.
public record TimeLimit(Duration whole, long deadline) {

  /// Begins now.
  public static TimeLimit of(Duration whole) {
    return new TimeLimit(whole, System.nanoTime() + nanos(whole));
  }

  private static long nanos(Duration time) {
    return time.compareTo(Deadlines.LONGEST) < 0 ? time.toNanos() : Deadlines.LONGEST.toNanos();
  }

  /// What is left; not negative.
  public Duration left() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  public boolean isOver() {
    return left().isZero();
  }
}
