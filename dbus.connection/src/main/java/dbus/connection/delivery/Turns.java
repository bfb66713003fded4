package dbus.connection.delivery;

import dbus.connection.reading.ReadingGate;
import dbus.connection.reading.ReadingGate.Reason;
import dbus.connection.spending.Share;
import dbus.connection.threads.Relay;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Whose turn it is: the queue of what a peer has sent, and of that the one delivery whose turn it
/// is. Handlers begin in the order in which their messages came.
///
/// A delivery is *waiting*, then it has the *turn*, then it is *released*: it gave the turn back,
/// having returned, or because it waits for the peer, or is concurrent. A call is *in progress*
/// from the beginning of its turn until it is answered, which may be long after its handler has
/// returned.
///
/// What keeps the next one from its turn: somebody else has it; too many calls are in progress, or
/// keep too many bytes (CONN-13); too much waits to be written (CONN-40). Calls whose handlers wait
/// for the peer do not count: what makes them go on may be behind the very call that waits. Each of
/// them holds a thread, though. So there is a limit for them as well, [#WAITING_PER_CALL] times as
/// high, and beyond it calls are refused, in their turn: that is an answer, where to wait would be
/// a deadlock. What waits is bounded by [back pressure][ReadingGate], since reading goes on
/// meanwhile (CONN-41).
///
/// Everything here is under one lock, and returns at once. What a method returns is for the caller
/// to do, without the lock.
public final class Turns {

  /// How many calls may be in progress for each that may be so without waiting for the peer.
  private static final int WAITING_PER_CALL = 8;

  private final int callsLimit;
  private final long bytesLimit;
  private final Share share;
  private final ReadingGate gate;
  private final BooleanSupplier outgoingIsFull;
  private final Relay relay;
  private final Events events;

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Delivery> waiting = new ArrayDeque<>();
  private @Nullable Delivery turn;
  private long waitingBytes;
  private int waitingCalls;
  private int inProgress;

  private long heldBytes;

  // Of those calls in progress whose handlers do not wait for the peer.
  private int counted;
  private long countedBytes;

  private boolean streamEnded;
  private boolean toldOver;
  private boolean finishing;
  private boolean closed;

  /// One for each who asked, so that what hangs on one holds up no other.
  private final List<CompletableFuture<Void>> finished = new ArrayList<>();

  /// What the connection is told.
  public interface Events {

    /// By the thread that reads: the budget does not allow what has come.
    void overBudget();

    /// The stream has ended, all that came has begun, and all calls are answered; told once.
    void allServed();
  }

  /// @param callsLimit of the calls in progress
  /// @param bytesLimit of those, if they are several, and again of what waits
  /// @param share of the budget, for both
  /// @param outgoingIsFull whether too much waits to be written
  /// @param relay tells the application what it waits for
  public Turns(
      int callsLimit,
      long bytesLimit,
      Share share,
      ReadingGate gate,
      BooleanSupplier outgoingIsFull,
      Relay relay,
      Events events) {
    this.callsLimit = callsLimit;
    this.bytesLimit = bytesLimit;
    this.share = share;
    this.gate = gate;
    this.outgoingIsFull = outgoingIsFull;
    this.relay = relay;
    this.events = events;
  }

  /// By the thread that reads: something has come.
  ///
  /// @return what has the turn from now on, and is to be served by the caller
  @Nullable Delivery arrive(Delivery come) {
    boolean allowed = true;
    boolean dropped = false;
    Delivery next = null;
    lock.lock();
    try {
      dropped = closed;
      if (!dropped) {
        come.refusal = finishing ? Delivery.Refusal.TOO_LATE : null;
        if (turn == null && waiting.isEmpty() && mayBegin(come)) {
          begin(come);
          next = come;
        } else {
          waiting.add(come);
          waitingBytes += come.bytes();
          waitingCalls += come.isCall() ? 1 : 0;
          next = next();
        }
        allowed = share.holds(heldBytes + waitingBytes);
        if (waitingBytes > bytesLimit) {
          gate.shut(Reason.INCOMING);
        }
      }
    } finally {
      lock.unlock();
    }
    if (dropped) {
      come.drop();
    }
    if (!allowed) {
      events.overBudget();
      if (next != null) {
        next.drop();
      }
      return null;
    }
    return next;
  }

  /// Somebody is free to serve.
  ///
  /// @return what has the turn from now on, and is to be served by the caller
  @Nullable Delivery take() {
    return over(null);
  }

  /// There is no thread to serve anything.
  ///
  /// @return a call that has the turn from now on, and is to be refused by the caller, and released
  @Nullable Delivery takeCall() {
    lock.lock();
    try {
      Delivery first = waiting.peek();
      return first != null && first.isCall() ? next() : null;
    } finally {
      lock.unlock();
    }
  }

  /// A delivery has been served.
  ///
  /// @return what has the turn from now on, and is to be served by the caller
  @Nullable Delivery over(@Nullable Delivery served) {
    Delivery next;
    boolean all;
    boolean sendReader;
    lock.lock();
    try {
      if (served != null && served.equals(turn)) {
        turn = null;
      }
      next = next();
      // A signal that begins is no longer counted.
      var _ = share.holds(heldBytes + waitingBytes);
      sendReader = next != null && isRoomForMore() && gate.open(Reason.INCOMING);
      all = next == null && isAllServed();
    } finally {
      lock.unlock();
    }
    if (sendReader) {
      gate.sendReader();
    }
    if (all) {
      events.allServed();
    }
    return next;
  }

  /// Half of it, so that the reader does not come and go with each.
  private boolean isRoomForMore() {
    return waitingBytes <= bytesLimit / 2;
  }

  /// A delivery gives its turn back, and runs on.
  ///
  /// @param forPeer whether it waits for the peer
  /// @return whether another may begin
  boolean release(Delivery running, boolean forPeer) {
    lock.lock();
    try {
      if (forPeer && running.isCall() && !running.isWaitingForPeer) {
        running.isWaitingForPeer = true;
        counted--;
        countedBytes -= running.bytes();
      }
      if (running.equals(turn)) {
        turn = null;
      }
      return canGoOn();
    } finally {
      lock.unlock();
    }
  }

  /// A call is answered.
  ///
  /// @return whether another may begin
  boolean answered(Delivery call) {
    boolean all;
    boolean last;
    boolean more;
    lock.lock();
    try {
      if (!call.begun) {
        return false;
      }
      inProgress--;
      heldBytes -= call.bytes();
      if (!call.isWaitingForPeer) {
        counted--;
        countedBytes -= call.bytes();
      }
      // It may be told again, by a handler that is still running.
      call.isWaitingForPeer = true;
      var _ = share.holds(heldBytes + waitingBytes);
      all = isAllServed();
      last = finishing && isIdle();
      more = canGoOn();
    } finally {
      lock.unlock();
    }
    if (last) {
      tellFinished();
    }
    if (all) {
      events.allServed();
    }
    return more;
  }

  private void tellFinished() {
    List<CompletableFuture<Void>> untold;
    lock.lock();
    try {
      untold = List.copyOf(finished);
      finished.clear();
    } finally {
      lock.unlock();
    }
    for (CompletableFuture<Void> one : untold) {
      relay.add("what waits for the last answer", () -> one.complete(null));
    }
  }

  /// Whether something may begin that does not.
  boolean mayGoOn() {
    lock.lock();
    try {
      return canGoOn();
    } finally {
      lock.unlock();
    }
  }

  private boolean canGoOn() {
    Delivery first = waiting.peek();
    return turn == null && first != null && mayBegin(first);
  }

  private boolean mayBegin(Delivery first) {
    return !outgoingIsFull.getAsBoolean()
        && (!first.isCall()
            || counted == 0
            || (counted < callsLimit && countedBytes + first.bytes() <= bytesLimit));
  }

  private @Nullable Delivery next() {
    if (!canGoOn()) {
      return null;
    }
    Delivery next = waiting.remove();
    waitingBytes -= next.bytes();
    waitingCalls -= next.isCall() ? 1 : 0;
    begin(next);
    return next;
  }

  private void begin(Delivery next) {
    turn = next;
    next.begun = true;
    if (next.isCall()) {
      if (inProgress >= (long) callsLimit * WAITING_PER_CALL && next.refusal == null) {
        next.refusal = Delivery.Refusal.TOO_MANY_WAIT;
      }
      inProgress++;
      counted++;
      heldBytes += next.bytes();
      countedBytes += next.bytes();
    }
  }

  /// No further call or signal will come.
  void streamEnded() {
    boolean all;
    lock.lock();
    try {
      streamEnded = true;
      all = isAllServed();
    } finally {
      lock.unlock();
    }
    if (all) {
      events.allServed();
    }
  }

  /// Said once. A signal that has its turn may not have reached its handler yet.
  private boolean isAllServed() {
    boolean all =
        streamEnded
            && !toldOver
            && !closed
            && inProgress == 0
            && waiting.isEmpty()
            && (turn == null || turn.isCall());
    toldOver |= all;
    return all;
  }

  private boolean isIdle() {
    return inProgress == 0 && waitingCalls == 0;
  }

  CompletionStage<Void> finish() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    boolean last;
    lock.lock();
    try {
      finishing = true;
      finished.add(mine);
      last = closed || isIdle();
    } finally {
      lock.unlock();
    }
    if (last) {
      tellFinished();
    }
    return mine.minimalCompletionStage();
  }

  /// What waits is dropped.
  void close() {
    List<Delivery> dropped;
    boolean sendReader;
    boolean somebodyWaits;
    lock.lock();
    try {
      closed = true;
      somebodyWaits = finishing;
      dropped = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
      waitingCalls = 0;
      var _ = share.holds(heldBytes);
      sendReader = gate.open(Reason.INCOMING);
    } finally {
      lock.unlock();
    }
    if (sendReader) {
      gate.sendReader();
    }
    if (somebodyWaits) {
      tellFinished();
    }
    dropped.forEach(Delivery::drop);
  }
}
