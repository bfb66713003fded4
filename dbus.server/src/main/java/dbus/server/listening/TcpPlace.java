package dbus.server.listening;

import dbus.address.Guid;
import dbus.address.IpFamily;
import dbus.address.NonceTcp;
import dbus.address.Tcp;
import dbus.address.TcpAddress;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.TcpAcceptor;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Listens on `tcp` and `nonce-tcp`: at every address of a host, on one port.
///
/// D-Bus Specification, "TCP Sockets", "Nonce-authenticated TCP Sockets".
final class TcpPlace {

  private final Resolver resolver;
  private final OnePort port;
  private final ListenOptions options;

  /// Finds the addresses of a host.
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  TcpPlace(Resolver resolver, OnePort.Binding binding, ListenOptions options) {
    this.resolver = resolver;
    this.port = new OnePort(binding);
    this.options = options;
  }

  /// With the names and sockets of this machine.
  static TcpPlace of(ListenOptions options) {
    return new TcpPlace(InetAddress::getAllByName, TcpAcceptor::bind, options);
  }

  Listener listen(Tcp address, Guid guid) throws IOException {
    List<OnePort.Bound> bound = bind(address);
    return new BoundSockets(
        acceptors(bound),
        address.clientAddress(portOf(bound), families(address, bound), guid),
        guid);
  }

  Listener listen(NonceTcp address, Guid guid) throws IOException {
    List<OnePort.Bound> bound = bind(address);
    try {
      NonceFile nonce = NonceFile.create(options.environment(), Leftovers.of(options));
      return new NoncePlace(
          acceptors(bound),
          nonce,
          address.clientAddress(portOf(bound), families(address, bound), nonce.path(), guid),
          guid);
    } catch (IOException | RuntimeException e) {
      acceptors(bound).forEach(Acceptor::close);
      throw e;
    }
  }

  private List<OnePort.Bound> bind(TcpAddress address) throws IOException {
    if (address.bindOrHost().equals(TcpAddress.EVERY_INTERFACE)) {
      return bindEverywhere(address);
    }
    List<InetAddress> hosts = hosts(address);
    for (InetAddress host : hosts) {
      if (!host.isLoopbackAddress()) {
        options.requireOtherMachines(host.getHostAddress(), address);
      }
    }
    return port.bind(hosts, address.port());
  }

  /// A socket of version 6 takes peers of both versions.
  private List<OnePort.Bound> bindEverywhere(TcpAddress address) throws IOException {
    options.requireOtherMachines(TcpAddress.EVERY_INTERFACE, address);
    List<InetAddress> version4 = List.of(InetAddress.getByAddress(new byte[4]));
    List<InetAddress> version6 = List.of(InetAddress.getByAddress(new byte[16]));
    if (address.family().isPresent()) {
      boolean is4 = address.family().get() == IpFamily.IPV4;
      return port.bind(is4 ? version4 : version6, address.port());
    }
    try {
      return port.bind(version6, address.port());
    } catch (BindException e) {
      try {
        return port.bind(version4, address.port());
      } catch (BindException again) {
        again.addSuppressed(e);
        throw again;
      }
    }
  }

  private List<InetAddress> hosts(TcpAddress address) throws IOException {
    List<InetAddress> hosts =
        Stream.of(resolver.resolve(address.bindOrHost()))
            .distinct()
            .filter(host -> address.family().isEmpty() || address.family().get() == familyOf(host))
            .toList();
    if (hosts.isEmpty()) {
      throw new UnknownHostException(
          address.bindOrHost() + ": it has no address of the wanted family");
    }
    return hosts;
  }

  private static IpFamily familyOf(InetAddress host) {
    return host instanceof Inet4Address ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  private static Set<IpFamily> families(TcpAddress address, List<OnePort.Bound> bound) {
    boolean both =
        address.family().isEmpty()
            && bound.stream().anyMatch(socket -> takesBothVersions(socket.host()));
    if (both) {
      return EnumSet.allOf(IpFamily.class);
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    bound.forEach(socket -> families.add(familyOf(socket.host())));
    return families;
  }

  private static boolean takesBothVersions(InetAddress host) {
    return host.isAnyLocalAddress() && familyOf(host) == IpFamily.IPV6;
  }

  private static List<Acceptor> acceptors(List<OnePort.Bound> bound) {
    return bound.stream().<Acceptor>map(OnePort.Bound::acceptor).toList();
  }

  private static int portOf(List<OnePort.Bound> bound) {
    return bound.getFirst().acceptor().port();
  }
}
