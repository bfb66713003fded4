package dbus.connection;

import dbus.wire.ErrorMessage;
import dbus.wire.MethodReturn;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Calls of this side that wait for their replies, by serial.
///
/// A reply is matched by its serial alone, and the first one counts; one that no call waits for is
/// ignored. An entry goes when its future completes, however that comes about: by the reply, the
/// deadline, the end of the connection, or because the caller cancels it.
final class PendingCalls {

  private final Map<Integer, CompletableFuture<MethodReturn>> waiting = new ConcurrentHashMap<>();

  private final ErrorMapping errors;
  private final ReadingRole role;

  /// What the user does with replies begins on the thread that reads, quick or not, so that replies
  /// complete in their order; what one does for long overlaps with what follows.
  private final Pace pace = new Pace();

  /// Set when no reply will come any more.
  private volatile boolean closed;

  PendingCalls(ReadingRole role, ErrorMapping errors) {
    this.role = role;
    this.errors = errors;
  }

  /// Enters a call that is about to be sent.
  void add(int serial, CompletableFuture<MethodReturn> reply) {
    waiting.put(serial, reply);
    var _ = reply.whenComplete((answer, failure) -> waiting.remove(serial, reply));
    // Looked at after it was entered: whoever closes either finds it there, or is seen here.
    if (closed) {
      reply.completeExceptionally(ended("the peer sends nothing more"));
    }
  }

  boolean isWaiting(int serial) {
    return waiting.containsKey(serial);
  }

  /// Gives up on a call after some time; never, if that is longer than can be counted.
  static void expire(CompletableFuture<MethodReturn> reply, Duration timeout, String call) {
    if (timeout.compareTo(Deadlines.LONGEST) > 0) {
      return;
    }
    Future<?> deadline =
        Deadlines.after(
            timeout,
            () ->
                reply.completeExceptionally(
                    new CallTimeoutException(call + ": no reply within " + timeout)));
    var _ = reply.whenComplete((answer, failure) -> deadline.cancel(false));
  }

  /// Waits for a reply; an interrupt gives up on it.
  static MethodReturn await(CompletableFuture<MethodReturn> reply)
      throws DBusErrorException, IOException, InterruptedException {
    try {
      return reply.get();
    } catch (InterruptedException e) {
      if (!reply.cancel(false) && reply.state() == Future.State.SUCCESS) {
        // It came in the same moment, and nobody will see it.
        UnixFd.closeAll(reply.resultNow());
      }
      throw e;
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /// The failure of a call, told where the caller waits for it: its stack trace begins here.
  private static IOException rethrown(@Nullable Throwable failure) throws DBusErrorException {
    return switch (failure) {
      case DBusErrorException error -> {
        error.fillInStackTrace();
        throw error;
      }
      case CallTimeoutException timeout -> {
        timeout.fillInStackTrace();
        yield timeout;
      }
      case IOException ended -> new IOException(ended.getMessage(), ended);
      case null, default -> throw new AssertionError(failure);
    };
  }

  /// By the thread that reads, which runs what the user has hung on the future.
  ///
  /// @return whether the calling thread still reads
  boolean answer(MethodReturn reply) {
    CompletableFuture<MethodReturn> call = waiting.get(reply.replySerial());
    if (call == null) {
      UnixFd.closeAll(reply);
      return true;
    }
    long entered = role.enter(pace);
    if (!call.complete(reply)) {
      UnixFd.closeAll(reply);
    }
    return role.leave(entered);
  }

  boolean answer(ErrorMessage error) {
    // Nobody looks for descriptors in an error.
    UnixFd.closeAll(error);
    int serial = error.replySerial();
    return !isWaiting(serial) || fail(serial, errors.toException(error));
  }

  /// By the thread that reads, as [#answer(MethodReturn)].
  boolean fail(int serial, Exception why) {
    CompletableFuture<MethodReturn> call = waiting.get(serial);
    if (call == null) {
      return true;
    }
    long entered = role.enter(pace);
    call.completeExceptionally(why);
    return role.leave(entered);
  }

  /// No reply will come any more.
  void failAll(String why) {
    closed = true;
    waiting.values().forEach(call -> call.completeExceptionally(ended(why)));
  }

  static IOException ended(String why) {
    return new IOException("the connection has ended: " + why);
  }
}
