package dbus.connection;

/// What several connections may keep together, such as all those of one user. Each of them has
/// [limits][ConnectionLimits] of its own; a budget is for those who open many connections.
///
/// A connection keeps a little for free: up to 64 KiB of a message that is not complete, and up to
/// 16 KiB each of what waits to be written, and of the calls and signals that wait or are with
/// handlers. For what is beyond that it charges the budget, in steps of 64 KiB, before it goes on,
/// and refunds it when it is gone. A budget that does not allow memory or file descriptors ends the
/// connection that asked, with the reason [CloseReason.Kind#OVER_BUDGET], and no other.
///
/// Called by any thread, which may hold locks: it must neither wait nor call back. A budget that
/// throws has refused nothing: the charge counts as made.
public interface Budget {

  /// Allows everything.
  Budget UNLIMITED =
      new Budget() {
        @Override
        public boolean chargeBytes(long bytes) {
          return true;
        }

        @Override
        public void refundBytes(long bytes) {}

        @Override
        public boolean chargeUnixFds(int count) {
          return true;
        }

        @Override
        public void refundUnixFds(int count) {}

        @Override
        public boolean chargeHandler() {
          return true;
        }

        @Override
        public void refundHandler() {}
      };

  /// Takes memory.
  ///
  /// @param bytes more than 0
  /// @return whether the budget allows it; if not, nothing is taken
  boolean chargeBytes(long bytes);

  /// Gives back what was taken. All of it comes back at last, if not always at once when the
  /// connection ends: a call counts until its handler has answered it.
  void refundBytes(long bytes);

  /// Takes file descriptors: those that have come, until a handler has done with them.
  ///
  /// @param count more than 0
  /// @return whether the budget allows it; if not, nothing is taken
  boolean chargeUnixFds(int count);

  /// Gives them back.
  void refundUnixFds(int count);

  /// Takes a thread for the handler of a call. A call for which the budget allows none is answered
  /// with `org.freedesktop.DBus.Error.LimitsExceeded`, and the connection goes on. A handler that
  /// the thread runs which reads from the peer is charged when another thread is to read instead,
  /// since it takes long; if the budget does not allow that, nothing is read from the peer until it
  /// has returned.
  ///
  /// @return whether the budget allows it; if not, nothing is taken
  boolean chargeHandler();

  /// Gives it back: the handler has returned. That may be long after the end of its connection.
  void refundHandler();
}
