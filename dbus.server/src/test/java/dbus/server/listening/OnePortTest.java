package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.transport.TcpAcceptor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Several addresses, one port (SERV-23). On Linux all of 127.0.0.0/8 is this machine.
class OnePortTest {

  private static final List<InetAddress> HOSTS = List.of(host(1), host(2), host(3));

  private final List<OnePort.Bound> bound = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  private static InetAddress host(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    bound.forEach(it -> it.acceptor().close());
  }

  private void bind(OnePort.Binding binding, int port) throws IOException {
    OnePort all =
        new OnePort((host, wanted) -> {
          asked.add(host.getHostAddress() + (wanted == 0 ? " any" : ""));
          return binding.bind(host, wanted);
        });
    bound.addAll(all.bind(HOSTS, port));
  }

  private List<String> boundHosts() {
    return bound.stream().map(it -> it.host().getHostAddress()).toList();
  }

  private int port() {
    int port = bound.getFirst().acceptor().port();
    bound.forEach(it -> assertEquals(port, it.acceptor().port()));
    return port;
  }

  private static void assertListening(InetAddress host, int port) throws IOException {
    new Socket(host, port).close();
  }

  @Test
  @DisplayName("SERV-23 the first address gets a free port, and all others the same one")
  void onePort() throws Exception {
    bind(TcpAcceptor::bind, 0);
    assertEquals(List.of("127.0.0.1 any", "127.0.0.2", "127.0.0.3"), asked);
    assertNotEquals(0, port());
    for (InetAddress host : HOSTS) {
      assertListening(host, port());
    }
  }

  @Test
  @DisplayName("SERV-23 where the free port is taken at another address, another is drawn")
  void drawsAgain() throws Exception {
    List<Integer> ports = new ArrayList<>();
    bind(
        (host, port) -> {
          if (host.equals(HOSTS.get(1)) && !ports.contains(port)) {
            ports.add(port);
            if (ports.size() <= 2) {
              throw new BindException("taken, as if by another");
            }
          }
          return TcpAcceptor.bind(host, port);
        },
        0);
    assertEquals(List.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), boundHosts());
    assertEquals(3, ports.size());
    assertEquals(ports.get(2), port());
    // What was bound for the draws that failed is free again.
    assertThrows(SocketException.class, () -> assertListening(HOSTS.get(0), ports.get(0)));
  }

  @Test
  @DisplayName("SERV-23 an address that is never free is passed over in the end, as libdbus does")
  void passesOver() throws Exception {
    bind(
        (host, port) -> {
          if (host.equals(HOSTS.get(1))) {
            throw new BindException("not here");
          }
          return TcpAcceptor.bind(host, port);
        },
        0);
    assertEquals(List.of("127.0.0.1", "127.0.0.3"), boundHosts());
    assertTrue(asked.stream().filter("127.0.0.1 any"::equals).count() > 2, asked::toString);
  }

  @Test
  @DisplayName("SERV-23 a port that is given is bound where it is free")
  void givenPort() throws Exception {
    TcpAcceptor taken = TcpAcceptor.bind(HOSTS.get(1), 0);
    try {
      bind(TcpAcceptor::bind, taken.port());
      assertEquals(List.of("127.0.0.1", "127.0.0.3"), boundHosts());
      assertEquals(taken.port(), port());
    } finally {
      taken.close();
    }
  }

  @Test
  @DisplayName("SERV-23 where no address is free, all are named")
  void noneWorks() throws Exception {
    var e =
        assertThrows(
            BindException.class,
            () ->
                bind(
                    (host, port) -> {
                      throw new BindException(host.getHostAddress());
                    },
                    4242));
    assertEquals("127.0.0.1", e.getMessage());
    assertEquals(2, e.getSuppressed().length);
  }

  @Test
  @DisplayName("SERV-23 another failure than a taken address ends it, and nothing stays bound")
  void otherFailure() throws Exception {
    List<TcpAcceptor> made = new ArrayList<>();
    var e =
        assertThrows(
            SocketException.class,
            () ->
                bind(
                    (host, port) -> {
                      if (!made.isEmpty()) {
                        throw new SocketException("no descriptors left");
                      }
                      made.add(TcpAcceptor.bind(host, port));
                      return made.getFirst();
                    },
                    0));
    assertEquals("no descriptors left", e.getMessage());
    assertThrows(
        SocketException.class, () -> assertListening(HOSTS.get(0), made.getFirst().port()));
  }
}
