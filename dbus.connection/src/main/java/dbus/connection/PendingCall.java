package dbus.connection;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.outgoing.Ticket;
import dbus.connection.threads.Deadlines;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A call of this side that waits for its reply. However it is completed, by the reply, its time
/// limit, the end of the connection, or by the caller who cancels it, nothing of it stays behind.
final class PendingCall extends ReplyFuture<MethodReturn> implements Ticket {

  private final PendingCalls all;
  private final MethodCall call;

  // Both are set before anybody else knows of this.
  private @Nullable Future<?> deadline;
  private volatile int serial;

  /// Set before the serial is looked at, and looked at after that is set: so an entry that comes
  /// too late goes again.
  private volatile boolean forgotten;

  PendingCall(PendingCalls all, MethodCall call, Runnable beforeWaiting) {
    super(beforeWaiting);
    this.all = all;
    this.call = call;
  }

  /// Begins the time limit; there is none if that is longer than can be counted.
  void expireAfter(Duration timeout) {
    if (timeout.compareTo(Deadlines.LONGEST) <= 0) {
      deadline = Deadlines.after(timeout, () -> expire(timeout));
      if (isDone()) {
        // It is over already.
        deadline.cancel(false);
      }
    }
  }

  private void expire(Duration timeout) {
    completeExceptionally(
        new CallTimeoutException(
            "%s %s: no reply within %s".formatted(call.path(), call.member(), timeout)));
  }

  /// What was called; its arguments may be gone.
  MethodCall call() {
    return call;
  }

  @Override
  public void given(int itsSerial) {
    serial = itsSerial;
    all.add(itsSerial, this);
    if (forgotten) {
      all.remove(itsSerial, this);
    }
  }

  @Override
  public void refused(IOException why) {
    completeExceptionally(why);
  }

  @Override
  public boolean complete(MethodReturn reply) {
    forget();
    return super.complete(reply);
  }

  @Override
  public boolean completeExceptionally(Throwable why) {
    forget();
    return super.completeExceptionally(why);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    forget();
    return super.cancel(mayInterruptIfRunning);
  }

  /// Before anything that hangs on it may run, and be slow.
  private void forget() {
    forgotten = true;
    if (serial != 0) {
      all.remove(serial, this);
    }
    Future<?> set = deadline;
    if (set != null) {
      set.cancel(false);
    }
  }

  /// Waits for the reply; an interrupt gives up on it.
  MethodReturn await() throws DBusErrorException, IOException, InterruptedException {
    try {
      return get();
    } catch (InterruptedException e) {
      if (!cancel(false) && state() == State.SUCCESS) {
        // It came in the same moment, and nobody will see it.
        Descriptors.close(resultNow());
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
}
