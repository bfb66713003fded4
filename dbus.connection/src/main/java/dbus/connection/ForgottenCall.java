package dbus.connection;

import dbus.connection.threads.Deadlines;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/// What is left of an [Invocation] that nobody holds any more, and nobody has answered. Its caller
/// would wait for nothing, and it would be counted as in progress as long as the connection lasts.
///
/// It must not hold the invocation itself.
record ForgottenCall(DBusConnection connection, OpenCall open) implements Runnable {

  private static final Logger LOG = System.getLogger(ForgottenCall.class.getName());

  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().name("dbus-forgotten-calls").daemon().factory());

  static void watch(Invocation invocation, ForgottenCall call) {
    var _ = CLEANER.register(invocation, call);
  }

  /// By the cleaner's thread, of which there is one: filters run elsewhere.
  @Override
  public void run() {
    if (open.beginAnswer()) {
      Deadlines.executeOrRetry(this::answer);
    }
  }

  private void answer() {
    try {
      answerIfOpen();
    } finally {
      open.over();
    }
  }

  private void answerIfOpen() {
    if (!connection.isClosed()) {
      LOG.log(
          Level.WARNING,
          "a handler of {0} at {1} has forgotten to answer",
          open.call().member(),
          open.call().path());
      connection.answer(
          ErrorMessage.to(open.call(), ErrorName.NO_REPLY, "the call was never answered"));
    }
  }
}
