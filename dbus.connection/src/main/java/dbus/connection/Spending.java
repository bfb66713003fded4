package dbus.connection;

import dbus.wire.MessageDecoder;

/// What one connection keeps, and charges to the [Budget] that it shares with others.
///
/// The budget is known when the peer is authenticated. Before, nothing is charged: what a handshake
/// takes is limited, and less than what is free.
final class Spending {

  /// Set by the thread that reads, before any message is read or sent.
  private volatile Budget budget = Budget.UNLIMITED;

  /// For the message that is not complete. Used by the thread that reads.
  private final Share unfinished = new Share(this, Share.GRAIN);

  void chargeTo(Budget shared) {
    budget = shared;
  }

  Budget budget() {
    return budget;
  }

  /// For what waits in one queue.
  Share queue() {
    return new Share(this, Share.FREE);
  }

  /// By the thread that reads.
  ///
  /// @return whether the budget allows what the decoder has reserved for a message
  boolean allowsUnfinished(MessageDecoder decoder) {
    return unfinished.holds(decoder.reserved());
  }

  /// Charges a thread that runs a handler, and starts it, or the one that takes its place.
  ///
  /// @param start throws if no thread can be had; then nothing is charged
  /// @return whether the budget allows it, until [#handlerReturned()]; if not, nothing is started
  boolean startHandler(Runnable start) {
    if (!budget.chargeHandler()) {
      return false;
    }
    try {
      start.run();
      return true;
    } catch (RuntimeException | Error e) {
      budget.refundHandler();
      throw e;
    }
  }

  void handlerReturned() {
    budget.refundHandler();
  }

  /// By the thread that reads: the message is complete, or will never be.
  void dropUnfinished() {
    var _ = unfinished.holds(0);
  }
}
