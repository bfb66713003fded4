package dbus.connection.outgoing;

import dbus.connection.threads.LimitedLog;
import dbus.connection.transport.UnixFdsRefusedException;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// What the sender of a message is told of it.
public interface Ticket {

  /// The message has this serial. Told before it can be answered, under the lock of the [Outbox]:
  /// no code of the user's may run here.
  void given(int serial);

  /// The message is not sent after all, since its descriptors cannot travel, or since a filter has
  /// made an end of a call that wants a reply; the connection goes on. Told on any thread, which
  /// may be held up.
  void refused(IOException why);

  /// For a message that nobody waits for the answer of.
  Ticket NONE =
      new Ticket() {
        private static final LimitedLog LOG = LimitedLog.of(Outbox.class);

        @Override
        public void given(int serial) {}

        @Override
        public void refused(IOException why) {
          // What a filter takes away is not meant to be sent.
          Level level = why instanceof UnixFdsRefusedException ? Level.WARNING : Level.DEBUG;
          LOG.log(level, "a message could not be sent", why);
        }
      };
}
