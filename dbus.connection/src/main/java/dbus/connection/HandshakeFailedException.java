package dbus.connection;

import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus.Failed;
import java.io.IOException;

/// Why a handshake came to nothing: the [cause][CloseReason#cause()] of
/// [CloseReason.Kind#NOT_AUTHENTICATED]. It has no stack trace, since it tells of the peer, and not
/// of this program.
public final class HandshakeFailedException extends IOException {

  private static final long serialVersionUID = 1;

  private final FailureReason reason;

  HandshakeFailedException(Failed failed) {
    super(failed.toString(), failed.cause().orElse(null));
    this.reason = failed.reason();
  }

  /// The event that ended it.
  public FailureReason reason() {
    return reason;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
