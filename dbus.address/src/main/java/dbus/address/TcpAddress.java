package dbus.address;

import java.util.Optional;

/// What [Tcp] and [NonceTcp] have in common.
///
/// D-Bus Specification, "TCP Sockets".
public sealed interface TcpAddress extends Address permits Tcp, NonceTcp {
  /// The host where an address to listen on names none.
  String DEFAULT_HOST = "localhost";

  /// The value of [#bind] that means every interface.
  String EVERY_INTERFACE = "*";

  /// The name or address that clients connect to.
  Optional<String> host();

  /// The interface to listen on, if it is not that of the host. Clients ignore it.
  Optional<String> bind();

  /// The port, or 0 if the system is to choose when listening.
  int port();

  /// The only family to resolve names for, when listening and when connecting; if empty, both.
  Optional<IpFamily> family();

  /// The host, or [#DEFAULT_HOST].
  default String hostOrDefault() {
    return host().orElse(DEFAULT_HOST);
  }

  /// What to bind when listening: the interface, or else the host, or else [#DEFAULT_HOST].
  /// [#EVERY_INTERFACE] means all.
  default String bindOrHost() {
    return bind().orElseGet(this::hostOrDefault);
  }
}
