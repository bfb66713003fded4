package dbus.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What this library logs, from now on.
final class LoggedLines extends Handler implements AutoCloseable {

  // Kept, since the JDK forgets loggers that nobody knows.
  private static final Logger ALL = Logger.getLogger("dbus");

  private final List<LogRecord> lines = new CopyOnWriteArrayList<>();

  LoggedLines() {
    ALL.addHandler(this);
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(line);
  }

  /// Waits until there are so many of INFO and above.
  void await(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Witness.PATIENCE_SECONDS);
    while (loud().size() < count && deadline - System.nanoTime() > 0) {
      Thread.onSpinWait();
    }
  }

  /// Those of INFO and above, with their levels.
  List<String> loud() {
    return lines.stream()
        .filter(line -> line.getLevel().intValue() >= Level.INFO.intValue())
        .map(line -> line.getLevel() + " " + line.getMessage())
        .toList();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ALL.removeHandler(this);
  }
}
