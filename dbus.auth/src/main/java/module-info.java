import org.jspecify.annotations.NullMarked;

/// Who the peer is: the SASL profile of D-Bus as state machines that are fed bytes and give bytes.
///
/// Before two programs exchange messages, one of them (the client, who connected) says who it is
/// and the other (the server, who listens) believes it or not. This module is that conversation,
/// both sides of it, without a socket: [dbus.auth.ServerHandshake] and [dbus.auth.ClientHandshake]
/// take the bytes that came and give the bytes to send. Time, too, belongs to the caller.
///
/// The page of [dbus.auth] has an example, the states of both sides, and where a reviewer finds
/// what:
///
/// | | |
/// | --- | --- |
/// | states | [dbus.auth.ServerHandshake], [dbus.auth.ClientHandshake], over [dbus.auth.Command] |
/// | mechanisms | [dbus.auth.ServerMechanism], [dbus.auth.ClientMechanism] |
/// | policy | [dbus.auth.AuthPolicy], [dbus.auth.AuthObserver]; the server's own user by default |
/// | identity | [dbus.auth.Credentials]: what the operating system says about the other end |
/// | secrets | [dbus.auth.CookieKeyring], the files of DBUS_COOKIE_SHA1 |
/// | limits | [dbus.auth.HandshakeLimits], with where each number comes from |
/// | a person's view | [dbus.auth.HandshakeTrace], without payloads |
///
/// The module does no I/O, apart from the files of the keyring, in a package of their own and only
/// when a peer uses DBUS_COOKIE_SHA1, one read of the process's own user in
/// [dbus.auth.Credentials#ofThisProcess()], and one look at a socket in
/// [dbus.auth.Credentials#ofPeer]. On Linux that needs nothing; elsewhere it needs the JDK's module
/// `jdk.security.auth` in the run time, without which the own user is unknown and nobody is taken
/// for the same user.
///
/// D-Bus Specification, "Authentication Protocol".
@NullMarked
module dbus.auth {
  requires static transitive org.jspecify;
  requires static jdk.security.auth;
  requires jdk.net;
  requires transitive dbus.address;

  exports dbus.auth;
}
