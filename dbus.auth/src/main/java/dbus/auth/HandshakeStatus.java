package dbus.auth;

import dbus.address.Guid;
import java.util.Optional;

/// Where a handshake stands: it [NeedsMore], or it ended as [Authenticated] or [Failed], for good.
public sealed interface HandshakeStatus {

  /// The handshake goes on: send what [Handshake#takeOutput()] gives, if anything, and wait for
  /// bytes.
  record NeedsMore() implements HandshakeStatus {}

  /// The handshake is complete. What [Handshake#takeOutput()] gives is still to be sent, before any
  /// message. Of the bytes that were received, those still in the caller's buffer are message data.
  ///
  /// @param mechanism the mechanism that succeeded, such as `EXTERNAL`
  /// @param identity on the server: who the client is; empty if it is anonymous. It always names a
  ///   user ([Credentials#hasUser()]). Group and process are for information, not for decisions. On
  ///   the client: always empty, since D-Bus authenticates the client only
  /// @param guid the server's identity: the own one on the server, the one received on the client
  /// @param unixFds whether both sides agreed that descriptors may be passed
  /// @param trace on the server: what an anonymous client said about itself, escaped and cut to a
  ///   bounded length, for logs only
  record Authenticated(
      String mechanism,
      Optional<Credentials> identity,
      Guid guid,
      boolean unixFds,
      Optional<String> trace)
      implements HandshakeStatus {}

  /// The handshake failed. What [Handshake#takeOutput()] gives is still to be sent, if that is
  /// possible without waiting; then the connection is to be closed.
  ///
  /// @param reason the event
  /// @param detail what happened, in one line for logs; it holds no secret, and nothing of what the
  ///   peer wrote but names of mechanisms, user ids and guids
  /// @param cause what a mechanism or the observer threw, if that was the end
  record Failed(FailureReason reason, String detail, Optional<Throwable> cause)
      implements HandshakeStatus {
    @Override
    public String toString() {
      return reason + ": " + detail;
    }
  }
}
