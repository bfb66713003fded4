package dbus.connection.threads;

import dbus.connection.reading.Pace;
import dbus.connection.reading.ReadingRole;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs pieces of the application's code one after the other, for a thread that must not be held up
/// by them: above all what hangs on futures, when a connection ends. Whoever [adds][#add] something
/// never runs it.
///
/// One thread at a time works the queue off, in order. If a piece keeps it, another thread takes
/// its place within some milliseconds, and goes on with the next: so each piece hurts itself alone.
/// This is the [ReadingRole] once more, with the queue in place of the socket. `working` says
/// whether there is such a thread; whoever sets it starts one.
public final class Relay {

  private static final LimitedLog LOG = LimitedLog.of(Relay.class);

  private record Piece(String what, Runnable code) {}

  private final Queue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean working = new AtomicBoolean();
  private final ReadingRole role = new ReadingRole(new GoOn());
  private final Pace pace = new Pace();

  private final class GoOn implements ReadingRole.Relief {
    @Override
    public boolean begin(Pace busy) {
      HandlerThreads.EXECUTOR.execute(Relay.this::work);
      return true;
    }

    @Override
    public void end() {}
  }

  /// Has it run soon, on another thread.
  ///
  /// @param what it is, for the log
  public void add(String what, Runnable code) {
    queue.add(new Piece(what, code));
    if (working.compareAndSet(false, true)) {
      try {
        start();
      } catch (RuntimeException | Error e) {
        // Whoever adds the next tries again.
        working.set(false);
        throw e;
      }
    }
  }

  /// Whether all that was added has been run.
  public boolean isIdle() {
    return queue.isEmpty() && !working.get();
  }

  /// Where no thread can be had now, one may be later.
  private void start() {
    Deadlines.executeOrRetry(this::work);
  }

  private void work() {
    try {
      role.taken();
      do {
        for (Piece next = queue.poll(); next != null; next = queue.poll()) {
          long entered = role.enter(pace);
          ApplicationCode.run(next.what(), next.code());
          if (!role.leave(entered)) {
            return;
          }
        }
        working.set(false);
        // Something may have been added before that could be seen.
      } while (!queue.isEmpty() && working.compareAndSet(false, true));
    } catch (RuntimeException | Error e) {
      LOG.warning("what hangs on a connection is told late", e);
      start();
    } finally {
      role.left();
    }
  }
}
