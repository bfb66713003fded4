package dbus.server.listening;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// What servers of this process have made in the file system, and not removed yet. When the JVM
/// ends in an orderly way, which a signal is as well, it is removed: so the socket of a program
/// that nobody has taught to stop does not stay behind (SERV-03).
///
/// A hook does that which is registered when the first file is made. It only removes files, waits
/// for nobody, and begins with what was made first. So a directory in which a socket is being made
/// goes before the socket could be linked from there to its place. Thread-safe.
final class Leftovers {

  private static final Logger LOG = System.getLogger(Leftovers.class.getName());

  /// Removed at the end.
  static final Leftovers REMOVED = new Leftovers();

  /// Not removed at the end, since the user of the server does not want that. The files in which
  /// something is made go all the same.
  static final Leftovers KEPT = new Leftovers();

  private static final Queue<Leftover> THERE = new ConcurrentLinkedQueue<>();

  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  private Leftovers() {}

  /// Something that was made in the file system.
  interface Leftover {

    /// Removes it, if it still is what was made. To be called as often as one likes.
    void remove() throws IOException;
  }

  static Leftovers of(ListenOptions options) {
    return options.keepFilesAtExit() ? KEPT : REMOVED;
  }

  /// This was just made, or is just about to be.
  void add(Leftover made) {
    if (this == KEPT) {
      return;
    }
    if (HOOKED.compareAndSet(false, true)) {
      hook();
    }
    THERE.add(made);
  }

  /// This is removed, or need not be.
  void drop(Leftover gone) {
    THERE.remove(gone);
  }

  private static void hook() {
    try {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("dbus-leftovers").unstarted(Leftovers::removeAll));
    } catch (IllegalStateException ending) {
      LOG.log(Level.DEBUG, "the process ends already; what is made now stays", ending);
    }
  }

  private static void removeAll() {
    for (Leftover next = THERE.poll(); next != null; next = THERE.poll()) {
      try {
        next.remove();
      } catch (Throwable e) {
        // The others are to go all the same.
        LOG.log(Level.DEBUG, "a file stays behind", e);
      }
    }
  }
}
