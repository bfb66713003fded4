import org.jspecify.annotations.NullMarked;

/// Who the peer is: the SASL profile of D-Bus as state machines that are fed bytes and give bytes.
///
/// Before two programs exchange messages, one of them (the client, who connected) says who it is
/// and the other (the server, who listens) believes it or not. This module is that conversation,
/// both sides of it, without a socket: [dbus.auth.ServerHandshake] and [dbus.auth.ClientHandshake]
/// take the bytes that came and give the bytes to send. Time, too, belongs to the caller.
///
/// | to read | holds |
/// | --- | --- |
/// | [dbus.auth.Command] | one line of the protocol, its parser and its printer |
/// | [dbus.auth.ServerHandshake] | the server's states, as in the specification |
/// | [dbus.auth.ClientHandshake] | the client's states |
/// | [dbus.auth.ServerMechanism], [dbus.auth.ClientMechanism] | how an identity is proved |
/// | [dbus.auth.CookieKeyring] | where the cookies of DBUS_COOKIE_SHA1 are |
/// | [dbus.auth.AuthPolicy], [dbus.auth.AuthObserver] | who is let in; the server's own user by default |
/// | [dbus.auth.Credentials] | what the operating system says about the other end of a socket |
/// | [dbus.auth.HandshakeTrace] | a handshake as a person sees it |
/// | [dbus.auth.HandshakeLimits] | every limit, and where its number comes from |
///
/// The module does no I/O, apart from the files of the keyring, in a package of their own and only
/// when a peer uses DBUS_COOKIE_SHA1, and one read of the process's own user in
/// [dbus.auth.Credentials#ofThisProcess()]. On Linux that needs nothing; elsewhere it needs the
/// JDK's module `jdk.security.auth` in the run time, without which the own user is unknown and
/// nobody is taken for the same user.
///
/// D-Bus Specification, "Authentication Protocol". The page of [dbus.auth] has an example.
@NullMarked
module dbus.auth {
  requires static transitive org.jspecify;
  requires static jdk.security.auth;
  requires transitive dbus.address;

  exports dbus.auth;
}
