package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.address.Guid;
import dbus.address.Tcp;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ListeningSocket;
import dbus.connection.transport.TcpAcceptor;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSockets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which addresses of a host are bound, and what clients are told. The names are made up here, and
/// in place of what other machines could reach a loopback address is bound.
class TcpPlaceTest {

  private static final Guid GUID = Guid.random();

  private final List<String> asked = new ArrayList<>();
  private final List<String> bound = new ArrayList<>();

  private static ListenOptions options(boolean otherMachines) {
    return new ListenOptions(
        UnixSockets.AUTOMATIC,
        SocketFileAccess.ofMode("rw-------"),
        otherMachines,
        false,
        Environment.ofProcess());
  }

  private InetAddress[] resolve(String host) throws UnknownHostException {
    asked.add(host);
    List<InetAddress> addresses = new ArrayList<>();
    List<String> texts =
        switch (host) {
          case "both" -> List.of("127.0.0.1", "::1", "127.0.0.1");
          case "outside" -> List.of("127.0.0.1", "192.0.2.7");
          default -> List.of(host);
        };
    for (String text : texts) {
      addresses.add(InetAddress.ofLiteral(text));
    }
    return addresses.toArray(InetAddress[]::new);
  }

  private Address listen(String address, boolean otherMachines) throws Exception {
    TcpPlace place =
        new TcpPlace(
            this::resolve,
            (host, port) -> {
              bound.add(host.getHostAddress());
              return TcpAcceptor.bind(
                  host.isLoopbackAddress() ? host : InetAddress.ofLiteral("127.0.0.9"), port);
            },
            options(otherMachines));
    try (Listener listener = place.listen((Tcp) Address.parse(address), GUID)) {
      assertEquals(GUID, listener.guid());
      assertEquals(bound.size(), listener.acceptors().size());
      return listener.clientAddress();
    }
  }

  private static String withoutPort(Address address) {
    return address.withoutGuid().toString().replaceAll("port=[1-9][0-9]*", "port=P");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp:host=both|127.0.0.1 0:0:0:0:0:0:0:1|tcp:host=both,port=P",
        "tcp:host=both,family=ipv4|127.0.0.1|tcp:host=both,port=P,family=ipv4",
        "tcp:host=both,family=ipv6|0:0:0:0:0:0:0:1|tcp:host=both,port=P,family=ipv6",
        "tcp:host=both,bind=127.0.0.1|127.0.0.1|tcp:host=both,port=P,family=ipv4",
        "tcp:bind=127.0.0.1|127.0.0.1|tcp:host=localhost,port=P,family=ipv4",
      })
  @DisplayName(
      "ADDR-30, ADDR-32, ADDR-33, ADDR-43, ADDR-44, SERV-23 what is bound, and what clients are"
          + " told")
  void whatIsBound(String address, String hosts, String client) throws Exception {
    assertEquals(client, withoutPort(listen(address, false)));
    assertEquals(hosts, String.join(" ", bound));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp:host=me,bind=*|0:0:0:0:0:0:0:0|tcp:host=me,port=P",
        "tcp:host=me,bind=*,family=ipv4|0.0.0.0|tcp:host=me,port=P,family=ipv4",
        "tcp:host=me,bind=*,family=ipv6|0:0:0:0:0:0:0:0|tcp:host=me,port=P,family=ipv6",
      })
  @DisplayName("ADDR-33 an asterisk binds every interface, and resolves nothing")
  void everyInterface(String address, String hosts, String client) throws Exception {
    assertEquals(client, withoutPort(listen(address, true)));
    assertEquals(hosts, String.join(" ", bound));
    assertEquals(List.of(), asked);
  }

  @Test
  @DisplayName("ADDR-31 an absent host is localhost")
  void localhost() throws Exception {
    assertThrows(UnknownHostException.class, () -> listen("tcp:host=192.0.2.7,family=ipv6", true));
    asked.clear();
    assertEquals("tcp:host=localhost,port=P", withoutPort(listenOnLocalhost()));
    assertEquals(List.of("localhost"), asked);
  }

  private Address listenOnLocalhost() throws Exception {
    TcpPlace place =
        new TcpPlace(
            host -> {
              asked.add(host);
              return resolve("both");
            },
            TcpAcceptor::bind,
            options(false));
    try (Listener listener = place.listen((Tcp) Address.parse("tcp:"), GUID)) {
      asked.remove("both");
      return listener.clientAddress();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp:host=outside|192.0.2.7",
        "tcp:host=both,bind=192.0.2.7|192.0.2.7",
        "tcp:host=0.0.0.0|0.0.0.0",
        "tcp:bind=*|*",
      })
  @DisplayName("SERV-25, ADDR-34 what other machines can reach is refused, and nothing is bound")
  void otherMachines(String address, String named) throws Exception {
    var e = assertThrows(AddressException.class, () -> listen(address, false));
    assertEquals(AddressError.ACCESS_DENIED, e.error());
    assertTrue(e.problem().startsWith(named + " can be reached"), e::getMessage);
    assertEquals(List.of(), bound);

    listen(address, true);
    assertTrue(bound.size() >= 1, bound::toString);
  }

  @Test
  @DisplayName("ADDR-32 a host without an address of the family is refused")
  void noneOfTheFamily() {
    var e =
        assertThrows(
            UnknownHostException.class, () -> listen("tcp:host=127.0.0.1,family=ipv6", false));
    assertTrue(e.getMessage().contains("family"), e::getMessage);
  }

  @Test
  @DisplayName(
      "ADDR-34, ADDR-38 a socket of others that other machines can reach is refused as well")
  void passedOn() {
    Acceptor none =
        new Acceptor() {
          @Override
          public Transport accept() {
            throw new AssertionError("nobody was to be accepted");
          }

          @Override
          public void close() {}
        };
    ListeningSocket open = new ListeningSocket(none, Tcp.of("192.0.2.7", 42), true);
    var e =
        assertThrows(
            AddressException.class, () -> BoundSockets.received(open, GUID, options(false)));
    assertEquals(AddressError.ACCESS_DENIED, e.error());
    assertEquals(
        Tcp.of("192.0.2.7", 42).withGuid(GUID),
        BoundSockets.received(open, GUID, options(true)).clientAddress());
  }
}
