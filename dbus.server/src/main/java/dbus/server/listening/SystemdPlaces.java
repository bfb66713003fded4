package dbus.server.listening;

import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.address.Guid;
import dbus.address.Systemd;
import dbus.connection.transport.InheritedSocket;
import dbus.connection.transport.InheritedSocket.Connected;
import dbus.connection.transport.InheritedSocket.Listening;
import dbus.connection.transport.ListeningSocket;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The sockets that systemd has passed to this process: descriptors from 3 on, counted by
/// `LISTEN_FDS`, and meant for this process if `LISTEN_PID` says so. See sd_listen_fds(3). With
/// `Accept=yes` it is one, and connected to its peer.
///
/// Each of them is a place of its own, since one address cannot tell clients of two sockets. Their
/// files belong to systemd, and so do the sockets: they stay when the server is gone.
///
/// D-Bus Specification, "systemd".
final class SystemdPlaces {

  private static final int FIRST_DESCRIPTOR = 3;

  /// More than that is no count, but a mistake.
  private static final int MOST_DESCRIPTORS = 1024;

  /// The descriptors are there once; later their numbers belong to others.
  private static final AtomicBoolean TAKEN = new AtomicBoolean();

  private SystemdPlaces() {}

  /// @param guid of the first; the others have guids of their own
  static List<Listener> listen(Systemd address, Guid guid, ListenOptions options)
      throws IOException {
    int count = count(address, options.environment(), ProcessHandle.current().pid());
    if (options.unixSockets().areOfJdk()) {
      throw unsupported(
          address, "it takes junixsocket", "let its native library be loaded and used");
    }
    if (!TAKEN.compareAndSet(false, true)) {
      throw unsupported(
          address, "the sockets of systemd are taken already", "listen on them with one server");
    }
    List<InheritedSocket> sockets = take(count);
    try {
      List<Listener> places = new ArrayList<>();
      for (InheritedSocket socket : sockets) {
        Guid its = places.isEmpty() ? guid : Guid.random();
        places.add(
            switch (socket) {
              case Listening(ListeningSocket listening) ->
                  BoundSockets.received(listening, its, options);
              case Connected(Transport peer) -> InheritedPeer.of(peer, address, its, options);
            });
      }
      return places;
    } catch (RuntimeException e) {
      sockets.forEach(SystemdPlaces::close);
      throw e;
    }
  }

  private static void close(InheritedSocket socket) {
    switch (socket) {
      case Listening(ListeningSocket listening) -> listening.acceptor().close();
      case Connected(Transport peer) -> peer.close();
    }
  }

  private static List<InheritedSocket> take(int count) throws IOException {
    try {
      return InheritedSocket.take(FIRST_DESCRIPTOR, count);
    } catch (IOException | RuntimeException | Error e) {
      // They are as they were.
      TAKEN.set(false);
      throw e;
    }
  }

  /// How many descriptors are passed to this process, one at least.
  static int count(Systemd address, Environment environment, long pid) {
    Optional<String> whose = environment.variable("LISTEN_PID");
    Optional<String> count = environment.variable("LISTEN_FDS");
    if (whose.isEmpty() || count.isEmpty()) {
      throw unsupported(
          address,
          "systemd has passed no sockets: LISTEN_PID or LISTEN_FDS is not set",
          "start this by a socket unit, or add another address");
    }
    if (!whose.get().equals(Long.toString(pid))) {
      throw unsupported(
          address,
          "systemd has passed its sockets to process %s, not to this one, %s"
              .formatted(AddressException.printable(whose.get()), pid),
          "let the process that systemd starts be this one (exec), or add another address");
    }
    if (!count.get().matches("[1-9][0-9]{0,3}")
        || Integer.parseInt(count.get()) > MOST_DESCRIPTORS) {
      throw unsupported(
          address,
          "LISTEN_FDS is \"%s\"".formatted(AddressException.printable(count.get())),
          "systemd counts 1 to " + MOST_DESCRIPTORS);
    }
    return Integer.parseInt(count.get());
  }

  private static AddressException unsupported(Systemd address, String problem, String remedy) {
    return new AddressException(AddressError.NOT_SUPPORTED, address.toString(), 0, problem, remedy);
  }
}
