package dbus.connection.outgoing;

import dbus.connection.threads.Deadlines;
import dbus.connection.threads.LimitedLog;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decides what waits in the [Outbox] for more to come, of what a handler sends on a thread of its
/// own: a handler that emits a thousand signals is not to make a thousand system calls.
///
/// A message waits if the one before it was sent just now. It leaves when so much waits that it is
/// worth a write, when the handler returns, with the next message that does not wait, and after a
/// millisecond in any case, whatever the handler does meanwhile. The first message of a handler
/// leaves at once, and so does a call, since the handler may be about to wait for the reply.
///
/// [#begin] and [#end] are for the thread of the handler, the rest is under the outbox's lock, but
/// for the alarm: it may come at any time, on any thread, and writes what waits then.
public final class Burst {

  private static final LimitedLog LOG = LimitedLog.of(Burst.class);

  /// What follows within this time belongs to the same burst, in nanoseconds.
  private static final long SOON = 100_000;

  private static final Duration LONGEST_WAIT = Duration.ofMillis(1);

  /// The burst of the handler that the thread runs.
  private static final ThreadLocal<@Nullable Burst> OF_THREAD = new ThreadLocal<>();

  private final Runnable write;

  /// When a message came last, or was written.
  private long last = System.nanoTime() - SOON;

  /// Whether an alarm is set, which will write what waits.
  private volatile boolean alarmed;

  /// @param write writes what waits, unless another thread does so
  Burst(Runnable write) {
    this.write = write;
  }

  /// A handler is about to run on this thread.
  public void begin() {
    OF_THREAD.set(this);
  }

  /// It has returned.
  public void end() {
    OF_THREAD.remove();
    write.run();
  }

  /// All that waited has been written.
  void written() {
    last = System.nanoTime();
  }

  /// Whether a message of this thread waits.
  boolean holds(Message message) {
    if (!equals(OF_THREAD.get()) || message instanceof MethodCall) {
      return false;
    }
    long now = System.nanoTime();
    boolean soon = now - last < SOON;
    last = now;
    return soon && setAlarm();
  }

  private boolean setAlarm() {
    if (alarmed) {
      return true;
    }
    // Before: it may go off at once.
    alarmed = true;
    try {
      var _ = Deadlines.after(LONGEST_WAIT, this::alarm);
    } catch (RuntimeException | Error e) {
      alarmed = false;
      LOG.log(Level.DEBUG, "no alarm can be set; every message is written at once", e);
    }
    return alarmed;
  }

  private void alarm() {
    alarmed = false;
    write.run();
  }
}
