package dbus.auth;

/// What can be said about a handshake on either side. Not for several threads at once; it may be
/// used for several handshakes, one after another.
///
/// @param <B> the builder itself
public abstract sealed class HandshakeBuilder<B extends HandshakeBuilder<B>>
    permits ServerHandshake.Builder, ClientHandshake.Builder {
  boolean unixFds;
  HandshakeLimits limits = HandshakeLimits.DEFAULT;
  HandshakeTrace trace = HandshakeTrace.none();

  HandshakeBuilder() {}

  /// Whether the transport passes descriptors and this side wants them; not by default. A server on
  /// a unix socket should say yes, because some clients give up when they are refused (AUTH-27).
  public final B unixFds(boolean possible) {
    unixFds = possible;
    return self();
  }

  /// The limits; [HandshakeLimits#DEFAULT] by default.
  public final B limits(HandshakeLimits some) {
    limits = some;
    return self();
  }

  /// Who watches; nobody by default.
  public final B trace(HandshakeTrace watcher) {
    trace = watcher;
    return self();
  }

  /// A handshake to which nothing has been said yet.
  public abstract Handshake build();

  abstract B self();
}
