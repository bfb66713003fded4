package dbus.connection.outgoing;

import java.io.IOException;

/// The peer does not read what is sent to it: more waits than may, or for longer than it may.
public final class NotReadException extends IOException {

  private static final long serialVersionUID = 1;

  NotReadException(String message) {
    super("the peer does not read: " + message);
  }
}
