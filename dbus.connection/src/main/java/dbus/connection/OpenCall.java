package dbus.connection;

import dbus.wire.MethodCall;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What a call holds until it is over: the right to one answer, a place among the calls in
/// progress, and the file descriptors that came with it.
///
/// It knows nothing of the [Invocation] that the user holds, and so outlives it.
final class OpenCall {

  /// What a call keeps in memory besides its body, about.
  private static final long BESIDES_BODY = 512;

  private final MethodCall call;
  private final CallsInProgress inProgress;
  private final HeldUnixFds heldUnixFds;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicBoolean counted = new AtomicBoolean(true);
  private final AtomicBoolean over = new AtomicBoolean();

  /// The handler that runs, and the answer that is to come: the last of the two to end closes the
  /// descriptors of the call.
  private final AtomicInteger usersOfUnixFds = new AtomicInteger(2);

  /// @param inProgress counts the call until it is over
  /// @param heldUnixFds counts its descriptors until they are closed
  OpenCall(MethodCall call, CallsInProgress inProgress, HeldUnixFds heldUnixFds) {
    this.call = call;
    this.inProgress = inProgress;
    this.heldUnixFds = heldUnixFds;
  }

  MethodCall call() {
    return call;
  }

  /// What it keeps in memory, about.
  long bytes() {
    return BESIDES_BODY + call.body().length();
  }

  /// Takes the right to answer, which there is once.
  boolean beginAnswer() {
    return answered.compareAndSet(false, true);
  }

  /// Gives it back: what was to be the answer cannot be sent.
  void cannotAnswerSo() {
    answered.set(false);
  }

  boolean isAnswered() {
    return answered.get();
  }

  /// It has not been entered among the calls in progress.
  void isNotCounted() {
    counted.set(false);
  }

  /// The call holds nothing up any more: it is answered, or nobody waits for an answer.
  void over() {
    if (over.compareAndSet(false, true)) {
      if (counted.get()) {
        inProgress.end(bytes());
      }
      needUnixFdsNoMore();
    }
  }

  /// It will not be handled.
  void dropped() {
    isNotCounted();
    over();
    handlerHasReturned();
  }

  /// To be called once.
  void handlerHasReturned() {
    needUnixFdsNoMore();
  }

  private void needUnixFdsNoMore() {
    if (call.unixFds() > 0 && usersOfUnixFds.decrementAndGet() == 0) {
      call.body().unixFds().close();
      heldUnixFds.remove(call.unixFds());
    }
  }
}
