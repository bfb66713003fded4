package dbus.connection.threads;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A log for what a peer, or the application's code, can bring about as often as it likes: its rate
/// is bounded (SEC-41), and nothing that goes wrong in logging reaches the caller (CONN-51).
///
/// Of every ten seconds, the first twenty lines are written; then one says that others follow.
/// Those are counted, and the count stands in the next line that is written. Lines below INFO are
/// not counted: who has switched them on wants them all. Thread-safe.
public final class LimitedLog {

  private static final int LINES = 20;

  private static final long PERIOD = Duration.ofSeconds(10).toNanos();

  private final Logger logger;
  private final AtomicLong periodBegan = new AtomicLong(System.nanoTime());
  private final AtomicLong lines = new AtomicLong();

  private LimitedLog(Logger logger) {
    this.logger = logger;
  }

  /// The log of a class, under its name.
  public static LimitedLog of(Class<?> owner) {
    return new LimitedLog(System.getLogger(owner.getName()));
  }

  /// A line for whoever runs the application.
  ///
  /// @param why is logged with its stack trace
  public void warning(String what, Throwable why) {
    log(Level.WARNING, what, why);
  }

  /// Whether lines at that level are written at all.
  public boolean isWanted(Level level) {
    return logger.isLoggable(level);
  }

  /// A line at that level; nothing is thrown, whatever happens.
  public void log(Level level, String what) {
    logIfWanted(level, what, null);
  }

  /// A line at that level; nothing is thrown, whatever happens.
  ///
  /// @param why is logged with its stack trace
  public void log(Level level, String what, Throwable why) {
    logIfWanted(level, what, why);
  }

  private void logIfWanted(Level level, String what, @Nullable Throwable why) {
    try {
      if (!logger.isLoggable(level)) {
        return;
      }
      if (level.getSeverity() < Level.INFO.getSeverity()) {
        logger.log(level, what, why);
        return;
      }
      write(level, what, why);
    } catch (Throwable e) {
      // An exception whose text cannot be had, a handler of the log that fails, no memory, no
      // descriptor: whoever logs has more important things to do.
      lastResort(level, what, why);
    }
  }

  private void write(Level level, String what, @Nullable Throwable why) {
    long now = System.nanoTime();
    long began = periodBegan.get();
    long before = 0;
    if (now - began > PERIOD && periodBegan.compareAndSet(began, now)) {
      before = Math.max(0, lines.getAndSet(0) - LINES);
    }
    long line = lines.incrementAndGet();
    if (line <= LINES) {
      logger.log(level, before == 0 ? what : what + leftOut(before), why);
    } else if (line == LINES + 1) {
      logger.log(level, "more of the kind follow, and are counted only: " + what);
    }
  }

  private static String leftOut(long count) {
    return " (" + count + " lines were left out before)";
  }

  /// Without asking the exception for anything but its class.
  private void lastResort(Level level, String what, @Nullable Throwable why) {
    try {
      logger.log(level, why == null ? what : what + ": " + why.getClass().getName());
    } catch (Throwable hopeless) {
      // Nobody is left to tell.
    }
  }
}
