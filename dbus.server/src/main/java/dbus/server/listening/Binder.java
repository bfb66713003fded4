package dbus.server.listening;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.AddressWarning;
import dbus.address.Autolaunch;
import dbus.address.Guid;
import dbus.address.Launchd;
import dbus.address.NonceTcp;
import dbus.address.Platform;
import dbus.address.Systemd;
import dbus.address.Tcp;
import dbus.address.UnixAbstract;
import dbus.address.UnixDir;
import dbus.address.UnixExec;
import dbus.address.UnixPath;
import dbus.address.UnixRuntime;
import dbus.address.UnixTmpdir;
import dbus.address.UnknownTransport;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ListeningSocket;
import dbus.connection.transport.MissingSockets;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/// Makes bound sockets of addresses. D-Bus Specification, "Transports".
public final class Binder {

  private static final Logger LOG = System.getLogger(Binder.class.getName());

  private final ListenOptions options;

  /// Describes how to listen.
  public Binder(ListenOptions options) {
    this.options = options;
  }

  /// Checks all that can be known before a socket is made. A transport that this library does not
  /// have is no mistake: in a list, others may take its place.
  ///
  /// @throws AddressException if it cannot be listened on, whatever the machine; it tells the key
  public static void check(Address address) {
    switch (address) {
      case UnixExec _, Launchd _, Autolaunch _, UnknownTransport _ -> {}
      default -> address.checkListenable();
    }
  }

  /// Binds an address.
  ///
  /// @param guid what peers there are told, unless the address says another one
  /// @return the places that came of it: one, but for `systemd`, which may have several
  /// @throws AddressException if this machine, or this library, cannot listen on such an address
  /// @throws IOException if this one cannot be bound
  public List<Listener> bind(Address address, Guid guid) throws IOException {
    List<Listener> places =
        MissingSockets.named(address, () -> listen(address, address.guid().orElse(guid)));
    for (AddressWarning warning : address.warnings()) {
      LOG.log(Level.WARNING, warning.message());
    }
    return places;
  }

  private List<Listener> listen(Address address, Guid guid) throws IOException {
    Platform.current().check(address);
    return switch (address) {
      case UnixPath path -> List.of(UnixListener.at(path, guid, options));
      case UnixDir dir -> List.of(UnixListener.drawn(dir::drawSocket, guid, options));
      case UnixTmpdir dir -> List.of(UnixListener.drawn(dir::drawSocket, guid, options));
      case UnixRuntime runtime -> listen(runtime, guid);
      case UnixAbstract name -> List.of(listen(name, guid));
      case Tcp tcp -> List.of(TcpPlace.of(options).listen(tcp, guid));
      case NonceTcp tcp -> List.of(TcpPlace.of(options).listen(tcp, guid));
      case Systemd systemd -> SystemdPlaces.listen(systemd, guid, options);
      case UnixExec _, Launchd _, Autolaunch _, UnknownTransport _ ->
          throw new AddressException(
              AddressError.NOT_SUPPORTED,
              address.toString(),
              0,
              "listening on \"" + address.transport() + "\" is not supported",
              "use unix, tcp, nonce-tcp or systemd");
    };
  }

  private List<Listener> listen(UnixRuntime runtime, Guid guid) throws IOException {
    UnixPath socket = runtime.socket(options.environment());
    socket.checkListenable();
    return bind(socket, guid);
  }

  private Listener listen(UnixAbstract name, Guid guid) throws IOException {
    Acceptor acceptor = options.unixSockets().bind(name);
    return new BoundSockets(List.of(acceptor), name.clientAddress(guid), guid);
  }

  /// Listens at a channel that somebody else has bound. It belongs to the place then; on an
  /// exception it is still the caller's.
  ///
  /// @throws AddressException if other machines can reach it, which is not allowed
  /// @throws IOException if it is not bound to something that has an address
  public Listener adopt(ServerSocketChannel channel, Guid guid) throws IOException {
    return BoundSockets.received(ListeningSocket.of(channel), guid, options);
  }
}
