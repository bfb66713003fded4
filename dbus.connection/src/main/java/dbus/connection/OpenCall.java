package dbus.connection;

import dbus.wire.MethodCall;
import java.util.concurrent.atomic.AtomicInteger;

/// What a call holds until it is over: the right to one answer, a place among the calls in
/// progress, and the file descriptors that came with it.
///
/// It knows nothing of the [Invocation] that the user holds, and so outlives it. There is one for
/// each call, so its whole state is one word of bits, changed by any thread.
final class OpenCall {

  /// Somebody has taken the right to answer.
  private static final int ANSWERED = 1;

  /// It has not been entered among the calls in progress.
  private static final int NOT_COUNTED = 1 << 1;

  /// It holds nothing up any more.
  private static final int OVER = 1 << 2;

  private static final int HANDLER_RETURNED = 1 << 3;

  /// What a call keeps in memory besides its body, about.
  private static final long BESIDES_BODY = 512;

  private final MethodCall call;
  private final CallsInProgress inProgress;
  private final HeldUnixFds heldUnixFds;
  private final AtomicInteger state = new AtomicInteger();

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
    return BESIDES_BODY + call.retainedBytes();
  }

  /// Takes the right to answer, which there is once.
  boolean beginAnswer() {
    return (set(ANSWERED) & ANSWERED) == 0;
  }

  /// Gives it back: what was to be the answer cannot be sent.
  void cannotAnswerSo() {
    state.getAndUpdate(bits -> bits & ~ANSWERED);
  }

  boolean isAnswered() {
    return (state.get() & ANSWERED) != 0;
  }

  /// It has not been entered among the calls in progress.
  void isNotCounted() {
    set(NOT_COUNTED);
  }

  /// The call holds nothing up any more: it is answered, or nobody waits for an answer.
  void over() {
    int before = set(OVER);
    if ((before & OVER) != 0) {
      return;
    }
    if ((before & NOT_COUNTED) == 0) {
      inProgress.end(bytes());
    }
    closeUnixFdsIf((before & HANDLER_RETURNED) != 0);
  }

  /// It will not be handled.
  void dropped() {
    isNotCounted();
    over();
    handlerHasReturned();
  }

  /// To be called once.
  void handlerHasReturned() {
    closeUnixFdsIf((set(HANDLER_RETURNED) & OVER) != 0);
  }

  /// The handler that runs, and the answer that is to come: the last of the two to end closes the
  /// descriptors of the call.
  private void closeUnixFdsIf(boolean last) {
    if (last && call.unixFds() > 0) {
      call.body().unixFds().close();
      heldUnixFds.remove(call.unixFds());
    }
  }

  /// @return the state before
  private int set(int bit) {
    return state.getAndUpdate(bits -> bits | bit);
  }
}
