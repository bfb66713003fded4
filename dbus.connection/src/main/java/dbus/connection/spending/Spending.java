package dbus.connection.spending;

import dbus.connection.Budget;
import dbus.connection.threads.ApplicationCode;
import dbus.connection.threads.LimitedLog;
import dbus.wire.MessageDecoder;
import java.util.function.BooleanSupplier;

/// What one connection keeps, and charges to the [Budget] that it shares with others.
///
/// The budget is known when the peer is authenticated. Before, nothing is charged: what a handshake
/// takes is limited, and less than what is free.
///
/// A budget is the application's code. One that throws has not refused anything, and must not end a
/// connection: the charge counts as made.
public final class Spending {

  private static final LimitedLog LOG = LimitedLog.of(Spending.class);

  /// Set by the thread that reads, before any message is read or sent.
  private volatile Budget budget = Budget.UNLIMITED;

  /// For the message that is not complete. Used by the thread that reads.
  private final Share unfinished = new Share(this, Share.GRAIN);

  /// Charges that budget from now on.
  public void chargeTo(Budget shared) {
    budget = shared;
  }

  /// For what waits in one queue.
  public Share queue() {
    return new Share(this, Share.FREE);
  }

  private static boolean ask(BooleanSupplier charge) {
    try {
      return charge.getAsBoolean();
    } catch (Throwable e) {
      LOG.warning("a budget failed to be charged, and counts as charged", e);
      return true;
    }
  }

  boolean chargeBytes(long bytes) {
    return ask(() -> budget.chargeBytes(bytes));
  }

  void refundBytes(long bytes) {
    ApplicationCode.run("refunding a budget", () -> budget.refundBytes(bytes));
  }

  boolean chargeUnixFds(int count) {
    return ask(() -> budget.chargeUnixFds(count));
  }

  void refundUnixFds(int count) {
    ApplicationCode.run("refunding a budget", () -> budget.refundUnixFds(count));
  }

  /// By the thread that reads.
  ///
  /// @return whether the budget allows what the decoder has reserved for a message
  public boolean allowsUnfinished(MessageDecoder decoder) {
    return unfinished.holds(decoder.reserved());
  }

  /// Charges a thread that runs a handler, and starts it, or the one that takes its place.
  ///
  /// @param start throws if no thread can be had; then nothing is charged
  /// @return whether the budget allows it, until [#handlerReturned()]; if not, nothing is started
  public boolean startHandler(Runnable start) {
    if (!chargeHandler()) {
      return false;
    }
    try {
      start.run();
      return true;
    } catch (RuntimeException | Error e) {
      handlerReturned();
      throw e;
    }
  }

  /// Charges a thread that runs a handler.
  ///
  /// @return whether the budget allows it, until [#handlerReturned()]
  public boolean chargeHandler() {
    return ask(() -> budget.chargeHandler());
  }

  /// A thread that was charged does nothing more for this connection.
  public void handlerReturned() {
    ApplicationCode.run("refunding a budget", budget::refundHandler);
  }

  /// By the thread that reads: the message is complete, or will never be.
  public void dropUnfinished() {
    var _ = unfinished.holds(0);
  }
}
