package dbus.connection.reading;

import dbus.connection.threads.Deadlines;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sees to it that a message that has begun is complete in time.
///
/// Somebody who sends a message byte by byte, and never its end, keeps memory in this process, and
/// descriptors if some came with it. Each further byte changes nothing: the time runs from the
/// first one. It does not run while a complete message waits for its handler, however long that
/// takes.
///
/// Used by the thread that reads alone.
public final class CompletionWatch {

  private final Optional<Duration> limit;
  private final Duration limitWithUnixFds;
  private final Consumer<Duration> whenLate;

  private @Nullable Future<?> deadline;

  /// @param limit for every message; empty if there is none
  /// @param limitWithUnixFds for one that descriptors have come with, if that is less
  /// @param whenLate is told the limit, on any thread
  public CompletionWatch(
      Optional<Duration> limit, Duration limitWithUnixFds, Consumer<Duration> whenLate) {
    this.limit = limit;
    this.limitWithUnixFds = limitWithUnixFds;
    this.whenLate = whenLate;
  }

  /// A message is complete.
  public void complete() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /// What one read has brought has been dealt with.
  ///
  /// @param insideMessage whether a message has begun, and is not complete
  /// @param withUnixFds whether descriptors have come with it
  public void endRead(boolean insideMessage, boolean withUnixFds) {
    if (deadline == null && insideMessage && (withUnixFds || limit.isPresent())) {
      Duration its = withUnixFds ? shorter() : limit.get();
      deadline = Deadlines.after(its, () -> whenLate.accept(its));
    }
  }

  private Duration shorter() {
    return limit.filter(one -> one.compareTo(limitWithUnixFds) < 0).orElse(limitWithUnixFds);
  }
}
