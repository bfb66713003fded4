package dbus.server.listening;

import dbus.connection.transport.TcpAcceptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Binds all the addresses of a host on the same port.
///
/// Where the system chooses the port, it is free at the first address, and may be taken at another:
/// then another is drawn. Where that does not help, or the port is given, an address where it is
/// taken, or which this machine does not have, is passed over, as long as there is another one.
/// libdbus does that at once.
final class OnePort {

  private static final Logger LOG = System.getLogger(OnePort.class.getName());

  /// Each fails by chance, and very seldom.
  private static final int DRAWS = 5;

  private final Binding binding;

  /// How a socket is bound.
  @FunctionalInterface
  interface Binding {
    TcpAcceptor bind(InetAddress host, int port) throws IOException;
  }

  OnePort(Binding binding) {
    this.binding = binding;
  }

  /// Binds these hosts, or some of them.
  ///
  /// @param hosts one at least
  /// @param port 0 lets the system choose
  /// @return for each host that could be bound its socket
  /// @throws IOException if none could be bound, or one for another reason than its address
  List<Bound> bind(List<InetAddress> hosts, int port) throws IOException {
    for (int draw = 1; port == 0 && draw <= DRAWS; draw++) {
      try {
        return all(hosts);
      } catch (BindException taken) {
        LOG.log(Level.DEBUG, "a port is not free at all addresses; drawing another", taken);
      }
    }
    return those(hosts, port);
  }

  private List<Bound> all(List<InetAddress> hosts) throws IOException {
    List<Bound> bound = new ArrayList<>();
    try {
      for (InetAddress host : hosts) {
        bound.add(new Bound(host, binding.bind(host, portOf(bound, 0))));
      }
      return bound;
    } catch (IOException | RuntimeException e) {
      close(bound);
      throw e;
    }
  }

  private List<Bound> those(List<InetAddress> hosts, int port) throws IOException {
    List<Bound> bound = new ArrayList<>();
    List<BindException> failures = new ArrayList<>();
    try {
      for (InetAddress host : hosts) {
        try {
          bound.add(new Bound(host, binding.bind(host, portOf(bound, port))));
        } catch (BindException e) {
          failures.add(e);
        }
      }
    } catch (IOException | RuntimeException e) {
      close(bound);
      throw e;
    }
    if (bound.isEmpty()) {
      BindException failure = failures.removeFirst();
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
    for (BindException failure : failures) {
      LOG.log(
          Level.WARNING,
          "an address is not listened on, while another of the same host is: {0}",
          failure.getMessage());
    }
    return bound;
  }

  private static int portOf(List<Bound> bound, int orElse) {
    return bound.isEmpty() ? orElse : bound.getFirst().acceptor().port();
  }

  private static void close(List<Bound> bound) {
    bound.forEach(socket -> socket.acceptor().close());
  }

  /// A socket and what it is bound to.
  record Bound(InetAddress host, TcpAcceptor acceptor) {}
}
