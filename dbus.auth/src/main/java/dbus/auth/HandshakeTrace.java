package dbus.auth;

/// Watches a handshake, line by line: for a person who wants to see it, not for decisions.
///
/// What is shown is a [Command], whose `toString` never tells a payload, so that no identity, no
/// challenge and no digest gets into a log. Called on the thread that drives the handshake; an
/// exception comes out of [Handshake#receive(java.nio.ByteBuffer)], or of the client's builder.
public interface HandshakeTrace {
  /// A line has come.
  ///
  /// @param state the state in which it is met, as the specification names it
  void received(Command command, String state);

  /// A line is to be sent.
  ///
  /// @param state the state from then on
  void sent(Command command, String state);

  /// Looks away.
  static HandshakeTrace none() {
    return NoTrace.INSTANCE;
  }
}
