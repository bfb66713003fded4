package dbus.connection;

import dbus.connection.descriptor.Descriptors;
import dbus.connection.reading.Pace;
import dbus.connection.reading.ReadingRole;
import dbus.connection.threads.Relay;
import dbus.wire.ErrorMessage;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Calls of this side that wait for their replies, by serial.
///
/// A reply is matched by its serial alone, and the first one counts; one that no call waits for is
/// ignored. What the application hangs on a reply begins on the thread that reads, quick or not, so
/// that replies complete in their order; what takes long there overlaps with what follows. When no
/// more replies come, all calls fail on other threads, where none can hold up the next, nor the end
/// of the connection (CONN-51).
final class PendingCalls {

  private final Map<Integer, PendingCall> waiting = new ConcurrentHashMap<>();

  private final ErrorMapping errors;
  private final ReadingRole role;
  private final Relay relay;
  private final Pace pace = new Pace();

  /// Set when no reply will come any more; says why.
  private volatile String closed = "";

  private volatile int unanswered;

  PendingCalls(ReadingRole role, Relay relay, ErrorMapping errors) {
    this.role = role;
    this.relay = relay;
    this.errors = errors;
  }

  /// Enters a call that is about to be sent.
  void add(int serial, PendingCall call) {
    waiting.put(serial, call);
    // Looked at after it was entered: whoever closes either finds it there, or is seen here.
    if (!closed.isEmpty()) {
      fail(call);
    }
  }

  void remove(int serial, PendingCall call) {
    waiting.remove(serial, call);
  }

  boolean isWaiting(int serial) {
    return waiting.containsKey(serial);
  }

  /// By the thread that reads, which runs what the user has hung on the future.
  ///
  /// @return whether the calling thread still reads
  boolean answer(MethodReturn reply) {
    PendingCall call = waiting.get(reply.replySerial());
    if (call == null) {
      Descriptors.close(reply);
      return true;
    }
    long entered = role.enter(pace);
    if (!call.complete(reply)) {
      Descriptors.close(reply);
    }
    return leave(entered);
  }

  private boolean leave(long entered) {
    boolean reads = role.leave(entered);
    if (!reads) {
      role.retire();
    }
    return reads;
  }

  /// By the thread that reads, as [#answer(MethodReturn)].
  boolean answer(ErrorMessage error) {
    // Nobody looks for descriptors in an error.
    Descriptors.close(error);
    return fail(error.replySerial(), call -> errors.toException(error).replyTo(call));
  }

  /// By the thread that reads, as [#answer(MethodReturn)].
  ///
  /// @param why is asked where it may take long, since it may be the application's
  boolean fail(int serial, Function<MethodCall, ? extends Exception> why) {
    PendingCall call = waiting.get(serial);
    if (call == null) {
      return true;
    }
    long entered = role.enter(pace);
    call.completeExceptionally(why.apply(call.call()));
    return leave(entered);
  }

  /// No reply will come any more.
  void failAll(String why) {
    closed = why.isEmpty() ? "no reply will come" : why;
    if (unanswered == 0) {
      // The first time; the same ones may still be there at the second.
      unanswered = waiting.size();
    }
    waiting.values().forEach(this::fail);
  }

  /// How many were waiting when it was said that no more replies come.
  int unanswered() {
    return unanswered;
  }

  private void fail(PendingCall call) {
    IOException why = ended(closed);
    relay.add("what hangs on a call", () -> call.completeExceptionally(why));
  }

  static IOException ended(String why) {
    return new IOException("the connection has ended: " + why);
  }
}
