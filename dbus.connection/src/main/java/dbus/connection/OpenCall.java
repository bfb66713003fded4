package dbus.connection;

import dbus.connection.delivery.Delivery;
import dbus.connection.reading.Pace;
import dbus.wire.MethodCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A call of the peer, and what it holds until it is over: the right to one answer, a place among
/// the calls in progress, and the file descriptors that came with it.
///
/// It knows nothing of the [Invocation] that the user holds, and so outlives it. There is one for
/// each call, so its whole state is one word of bits, changed by any thread. What it means is found
/// by whoever has its turn, and of that thread alone.
final class OpenCall extends Delivery {

  /// Somebody has taken the right to answer.
  private static final int ANSWERED = 1;

  /// It holds nothing up any more.
  private static final int OVER = 1 << 1;

  private static final int HANDLER_RETURNED = 1 << 2;

  /// What a call keeps in memory besides its body, about.
  private static final long BESIDES_BODY = 512;

  private final MethodCall call;
  private final Dispatcher dispatcher;
  private final AtomicInteger state = new AtomicInteger();

  private @Nullable Target target;
  private @Nullable Pace finding;
  private boolean findingIsKnown;

  OpenCall(MethodCall call, Dispatcher dispatcher) {
    this.call = call;
    this.dispatcher = dispatcher;
  }

  MethodCall call() {
    return call;
  }

  /// What it means; null until that is found.
  @Nullable Target target() {
    return target;
  }

  void means(Target found) {
    target = found;
  }

  @Override
  public long bytes() {
    return BESIDES_BODY + call.retainedBytes();
  }

  @Override
  public boolean isCall() {
    return true;
  }

  @Override
  public @Nullable Pace paceOfFinding() {
    if (!findingIsKnown) {
      finding = dispatcher.paceOfFinding(call);
      findingIsKnown = true;
    }
    return finding;
  }

  @Override
  public @Nullable Pace find() {
    return isOver() ? null : dispatcher.find(this);
  }

  @Override
  public boolean isConcurrent() {
    return dispatcher.isConcurrent(this);
  }

  @Override
  public void handle() {
    dispatcher.handle(this);
  }

  @Override
  public boolean refuse() {
    dispatcher.noThreadFor(this);
    return true;
  }

  @Override
  public void drop() {
    over();
    handlerHasReturned();
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

  private boolean isOver() {
    return (state.get() & OVER) != 0;
  }

  /// The call holds nothing up any more: it is answered, or nobody waits for an answer.
  void over() {
    int before = set(OVER);
    if ((before & OVER) == 0) {
      dispatcher.answered(this);
      closeUnixFdsIf((before & HANDLER_RETURNED) != 0);
    }
  }

  void handlerHasReturned() {
    int before = set(HANDLER_RETURNED);
    closeUnixFdsIf((before & OVER) != 0 && (before & HANDLER_RETURNED) == 0);
  }

  /// The handler that runs, and the answer that is to come: the last of the two to end closes the
  /// descriptors of the call.
  private void closeUnixFdsIf(boolean last) {
    if (last && call.unixFds() > 0) {
      call.body().unixFds().close();
      dispatcher.closedUnixFds(call.unixFds());
    }
  }

  /// @return the state before
  private int set(int bit) {
    return state.getAndUpdate(bits -> bits | bit);
  }
}
