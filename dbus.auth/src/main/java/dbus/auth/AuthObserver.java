package dbus.auth;

/// Decisions of the application about who may connect, in addition to those of the [AuthPolicy]. An
/// observer can only refuse: its "yes" lets in nobody whom the policy keeps out.
///
/// Both methods are called on the thread that drives the handshake, during
/// [Handshake#receive(java.nio.ByteBuffer)], at any time and for many connections at once. An
/// exception counts as a refusal and ends up in [HandshakeStatus.Failed#cause()].
///
/// The counterpart of GLib's `GDBusAuthObserver`.
public interface AuthObserver {

  /// Whether this mechanism may be offered on a connection. Asked once per connection for each
  /// mechanism that could be offered, before the first line is read. A mechanism that is refused is
  /// neither listed nor accepted.
  ///
  /// @param mechanism the name, such as `EXTERNAL`
  default boolean allowMechanism(String mechanism) {
    return true;
  }

  /// Whether this client may connect. Asked once for each success of a mechanism, after the policy
  /// agreed and before the client learns of it. A "no" ends the connection.
  default boolean authorize(PeerInfo peer) {
    return true;
  }

  /// An observer that agrees if this one and the other one do. This one is asked first; if it
  /// refuses, the other is not asked.
  default AuthObserver and(AuthObserver other) {
    AuthObserver first = this;
    return new AuthObserver() {
      @Override
      public boolean allowMechanism(String mechanism) {
        return first.allowMechanism(mechanism) && other.allowMechanism(mechanism);
      }

      @Override
      public boolean authorize(PeerInfo peer) {
        return first.authorize(peer) && other.authorize(peer);
      }
    };
  }
}
