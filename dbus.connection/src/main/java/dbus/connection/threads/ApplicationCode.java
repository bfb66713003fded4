package dbus.connection.threads;

/// How this library runs code of the application's that nobody waits for an answer of: handlers of
/// signals, listeners, what hangs on futures, what is told to a budget.
///
/// Such code may throw anything, an Error or an exception whose text cannot be had included, and
/// may leave its thread interrupted. It is run where no lock is held, after the bookkeeping is
/// done, so that whatever it does, it does to itself alone (CONN-51). Handlers of calls are run by
/// their connection's dispatcher in the same way, but for what they throw: that is an answer.
public final class ApplicationCode {

  private static final LimitedLog LOG = LimitedLog.of(ApplicationCode.class);

  private ApplicationCode() {}

  /// Runs it, and logs what it throws.
  ///
  /// @param what it is, for the log
  public static void run(String what, Runnable code) {
    try {
      code.run();
    } catch (Throwable e) {
      LOG.warning(what + " failed", e);
    }
  }

  /// The text of an exception; that is asked of code of the application's as well.
  ///
  /// @param instead what to take where there is none to be had
  public static String textOf(Throwable failure, String instead) {
    try {
      String text = failure.getMessage();
      return text == null ? instead : text;
    } catch (Throwable e) {
      return instead;
    }
  }
}
