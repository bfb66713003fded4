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
/// descriptors if some came with it. Each further byte, and each further descriptor, changes
/// nothing: the time runs from the first one. It stands still while nobody reads, since a complete
/// message waits for its handler, however long that takes.
///
/// Used by the thread that reads alone.
public final class CompletionWatch {

  private final Optional<Countdown> ofMessage;
  private final Countdown ofUnixFds;

  /// @param limit for every message, from its first byte; empty if there is none
  /// @param limitWithUnixFds for one that descriptors have come with, from the first of them
  /// @param whenLate is told the limit, on any thread
  public CompletionWatch(
      Optional<Duration> limit, Duration limitWithUnixFds, Consumer<Duration> whenLate) {
    this.ofMessage = limit.map(one -> new Countdown(one, whenLate));
    this.ofUnixFds = new Countdown(limitWithUnixFds, whenLate);
  }

  /// A message is complete.
  public void complete() {
    ofMessage.ifPresent(Countdown::reset);
    ofUnixFds.reset();
  }

  /// The message may be complete, which nobody finds out before somebody reads again.
  public void pause() {
    ofMessage.ifPresent(Countdown::pause);
    ofUnixFds.pause();
  }

  /// What one read has brought has been dealt with.
  ///
  /// @param insideMessage whether a message has begun, and is not complete
  /// @param withUnixFds whether descriptors have come with it
  public void endRead(boolean insideMessage, boolean withUnixFds) {
    if (insideMessage) {
      ofMessage.ifPresent(Countdown::run);
      if (withUnixFds) {
        ofUnixFds.run();
      }
    }
  }

  /// The time that is left to one message.
  private static final class Countdown {

    private final Duration limit;
    private final Consumer<Duration> whenOver;
    private Duration left;
    private long since;
    private @Nullable Future<?> running;

    Countdown(Duration limit, Consumer<Duration> whenOver) {
      this.limit = limit;
      this.whenOver = whenOver;
      this.left = limit;
    }

    void run() {
      if (running == null) {
        since = System.nanoTime();
        running = Deadlines.after(left, () -> whenOver.accept(limit));
      }
    }

    void pause() {
      if (running != null) {
        stop();
        Duration rest = left.minusNanos(System.nanoTime() - since);
        left = rest.isPositive() ? rest : Duration.ZERO;
      }
    }

    void reset() {
      stop();
      left = limit;
    }

    private void stop() {
      if (running != null) {
        running.cancel(false);
        running = null;
      }
    }
  }
}
