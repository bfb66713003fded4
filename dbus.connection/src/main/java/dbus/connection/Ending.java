package dbus.connection;

import dbus.connection.CloseReason.Kind;
import dbus.connection.outgoing.Outbox;
import dbus.connection.spending.OverBudgetException;
import dbus.connection.threads.ApplicationCode;
import dbus.connection.threads.Deadline;
import dbus.connection.threads.Deadlines;
import dbus.connection.threads.Relay;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a connection ends: once, with the first reason that is given, on any thread.
///
/// The end of the peer's stream is not yet the end: what came before it still begins, in order, and
/// the peer may wait for the last answers, or may be gone, which looks alike. So these have a time
/// of their own. Where writing shows that the peer is gone, what it sent before is still read, up
/// to the end of its stream (CONN-35, 36, 55).
///
/// Whoever ends the connection runs no code of the application's. Each stage that was asked for
/// with [#closed()] is a future of its own, told by the [Relay]: what hangs on one can hold up
/// neither the end nor what hangs on another (CONN-51).
final class Ending {

  /// How long what came before the end of the stream may take to begin, and its answers to be
  /// written.
  static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final Transport transport;
  private final Relay relay;
  private final Consumer<CloseReason> giveUp;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Deadline deadline = new Deadline();
  private final AtomicBoolean limited = new AtomicBoolean();

  // Both guarded by the lock of the list.
  private final List<CompletableFuture<CloseReason>> untold = new ArrayList<>();
  private @Nullable CloseReason over;

  /// What ends the connection after the end of the peer's stream, if it is more than that end.
  private volatile @Nullable CloseReason whyGone;

  private volatile String detail = "";

  /// @param giveUp closes what the connection is made of; run once, by whoever ends it
  Ending(Transport transport, Relay relay, Consumer<CloseReason> giveUp) {
    this.transport = transport;
    this.relay = relay;
    this.giveUp = giveUp;
  }

  /// What the connection has to do in time: its handshake.
  Deadline deadline() {
    return deadline;
  }

  boolean hasBegun() {
    return begun.get();
  }

  /// Why it ended, once it has.
  String detail() {
    return detail;
  }

  /// Completes when the connection is over.
  CompletionStage<CloseReason> closed() {
    CompletableFuture<CloseReason> stage = new CompletableFuture<>();
    CloseReason reason;
    synchronized (untold) {
      reason = over;
      if (reason == null) {
        untold.add(stage);
      }
    }
    if (reason != null) {
      stage.complete(reason);
    }
    return stage.minimalCompletionStage();
  }

  /// Ends the connection, unless somebody has.
  void end(CloseReason reason) {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    detail = reason.detail();
    deadline.end();
    giveUp.accept(reason);
    if (relay.isIdle() && nobodyWaits(reason)) {
      return;
    }
    // Behind the calls that fail with it: who is told of the end knows that nothing else comes.
    relay.add("telling the end of a connection", () -> tell(reason));
  }

  private boolean nobodyWaits(CloseReason reason) {
    synchronized (untold) {
      if (untold.isEmpty()) {
        over = reason;
      }
      return untold.isEmpty();
    }
  }

  private void tell(CloseReason reason) {
    List<CompletableFuture<CloseReason>> waiting;
    synchronized (untold) {
      over = reason;
      waiting = List.copyOf(untold);
      untold.clear();
    }
    for (CompletableFuture<CloseReason> stage : waiting) {
      relay.add("what hangs on the end of a connection", () -> stage.complete(reason));
    }
  }

  /// The peer sends nothing more, and may wait for its answers; unless it is over already.
  void streamEnded() {
    limitLastAnswers();
  }

  /// From the first sign that the peer is gone; a second one does not begin the time anew.
  private void limitLastAnswers() {
    if (limited.compareAndSet(false, true)) {
      deadline.set(LAST_ANSWERS, this::peerIsGone);
    }
  }

  /// The peer sends nothing more, and has been given every answer: both sides are done. Does not
  /// wait for the last of them to be written.
  void allAnswered(Outbox outbox) {
    if (outbox.isFlushed()) {
      peerIsGone();
      return;
    }
    Deadlines.executeOrRetry(() -> {
      try {
        var _ = outbox.flush(LAST_ANSWERS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      peerIsGone();
    });
  }

  private void peerIsGone() {
    CloseReason why = whyGone;
    end(why != null ? why : CloseReason.of(Kind.REMOTE, told("the peer ended the stream")));
  }

  /// Nothing more can be written. The connection ends on a thread of its own: whoever noticed may
  /// hold locks, and serve another peer.
  ///
  /// @param peerIsGone whether what the peer sent before it left is to be read first; the end of
  ///   its stream follows at once
  void writingFailed(Exception why, boolean peerIsGone) {
    CloseReason reason =
        why instanceof OverBudgetException
            ? CloseReason.of(Kind.OVER_BUDGET, OverBudgetException.BYTES)
            : broken("writing failed", why);
    if (peerIsGone) {
      whyGone = reason;
      limitLastAnswers();
    } else {
      whyGone = reason;
      Deadlines.executeOrRetry(() -> end(reason));
    }
  }

  /// Reading or writing failed.
  ///
  /// @param what of the two
  CloseReason broken(String what, Exception why) {
    return new CloseReason(Kind.BROKEN, told(what + ": " + text(why)), Optional.of(why));
  }

  /// That of a mistake says little without its class.
  private static String text(Exception why) {
    return why instanceof IOException
        ? ApplicationCode.textOf(why, why.getClass().getName())
        : why.toString();
  }

  /// What happened, with what the other end says of its own end, if it says anything.
  String told(String what) {
    return transport.peerEnd().map(end -> what + ": " + end).orElse(what);
  }
}
