package dbus.connection;

import java.io.IOException;

/// Too much waits for the peer already, and the sender did not want to wait: the message was not
/// sent, and file descriptors in it are closed. The connection goes on. See
/// [SendOption#FAIL_IF_FULL].
public final class OutgoingFullException extends IOException {

  private static final long serialVersionUID = 1L;

  /// @param limit in bytes
  public OutgoingFullException(long limit) {
    super("not sent: more than " + limit + " bytes wait for the peer to read them");
  }
}
