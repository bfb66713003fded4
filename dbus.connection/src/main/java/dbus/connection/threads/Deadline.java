package dbus.connection.threads;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The deadline of a connection: of its handshake first, of its last answers later. Once the
/// connection is over, none is set any more. Under its own lock, since the end may come from any
/// thread.
public final class Deadline {

  private @Nullable Future<?> future;
  private boolean over;

  /// Sets it, in place of the one before.
  public synchronized void set(Duration time, Runnable action) {
    Future<?> next = over ? null : Deadlines.after(time, action);
    met();
    future = next;
  }

  /// What was to be done in time is done.
  public synchronized void met() {
    if (future != null) {
      future.cancel(false);
      future = null;
    }
  }

  public synchronized void end() {
    over = true;
    met();
  }
}
