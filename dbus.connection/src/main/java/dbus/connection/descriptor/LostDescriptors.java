package dbus.connection.descriptor;

import dbus.connection.threads.Deadlines;
import dbus.connection.threads.LimitedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.newsclub.net.unix.FileDescriptorCast;

/// Finds the file descriptors that the kernel has put into this process, and that junixsocket tells
/// nobody of, and closes them.
///
/// When more descriptors come with one read than junixsocket has room for, the kernel opens as many
/// as fit, and junixsocket only fails. What is open before the read and after it shows which they
/// are, unless others open something in between. How many they are is known. So:
///
/// - what is open after, and was not before, contains them;
/// - if it is as many as were lost, it is they, and they are closed;
/// - if it is more, some are somebody else's, and it is looked at again later: what is closed
///   meanwhile was somebody else's, since nobody knows of those that were lost.
///
/// One that somebody opens in just these microseconds, and never closes, keeps them open for good.
/// What is somebody else's is closed by mistake only if, in these microseconds, one other
/// descriptor is closed that stands for the same file as the lost one that gets its number, and one
/// other is opened. A socket or pipe of this process cannot be that file.
///
/// One read at a time, in the whole process, is watched in this way.
public final class LostDescriptors {

  private static final LimitedLog LOG = LimitedLog.of(LostDescriptors.class);

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private LostDescriptors() {}

  /// A read that may lose descriptors, and does not wait.
  @FunctionalInterface
  public interface Reading {
    /// Reads.
    ///
    /// @return what reading returns
    /// @throws TooManyException if it has lost descriptors
    int read() throws IOException;
  }

  /// More descriptors have come than there is room for.
  public static final class TooManyException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param cause how junixsocket has failed
    public TooManyException(int room, IOException cause) {
      super("more than " + room + " file descriptors came at once", cause);
    }
  }

  /// Whether they can be found at all.
  public static boolean canBeFound() {
    return OpenDescriptors.canBeSeen();
  }

  /// Whether this process can take so many descriptors. If not, they would be lost, and nobody
  /// could tell how many.
  public static boolean haveRoomFor(int more) {
    return OpenDescriptors.haveRoomFor(more);
  }

  /// Reads, and closes what is lost by it.
  ///
  /// @param room how many descriptors are lost
  public static int watch(Reading reading, int room) throws IOException {
    ONE_AT_A_TIME.lock();
    try {
      OpenDescriptors before = OpenDescriptors.now();
      try {
        return reading.read();
      } catch (TooManyException e) {
        find(OpenDescriptors.now().without(before), room, FIRST_LOOK, e);
        throw e;
      }
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  /// @param found contains them
  private static void find(OpenDescriptors found, int lost, Duration wait, TooManyException why) {
    if (found.size() == lost) {
      found.numbers().forEach(LostDescriptors::close);
    } else if (found.size() > lost) {
      Duration next = wait.multipliedBy(2);
      Duration longest = next.compareTo(LONGEST_WAIT) < 0 ? next : LONGEST_WAIT;
      var _ = Deadlines.after(wait, () -> find(found.left(), lost, longest, why));
    } else {
      LOG.warning(
          lost + " file descriptors that a peer has sent cannot be told from others, and stay open",
          why);
    }
  }

  private static void close(int number) {
    try {
      Descriptors.close(FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
    } catch (IOException gone) {
      LOG.warning("a file descriptor that a peer has sent cannot be closed", gone);
    }
  }
}
