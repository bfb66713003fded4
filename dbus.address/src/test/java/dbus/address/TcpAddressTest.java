package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpAddressTest {
  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  @Test
  @DisplayName("ADDR-30 the keys of tcp and nonce-tcp")
  void keys() {
    assertEquals(
        Tcp.of("h", 1).withBind("*").withFamily(IpFamily.IPV6).withGuid(GUID),
        Address.parse("tcp:family=ipv6,port=1,bind=*,host=h,guid=" + GUID));
    assertEquals(
        NonceTcp.of("h", 1)
            .withBind("b")
            .withFamily(IpFamily.IPV4)
            .withNonceFile(Path.of("/n"))
            .withGuid(GUID),
        Address.parse("nonce-tcp:noncefile=/n,family=ipv4,port=1,bind=b,host=h,guid=" + GUID));
    assertEquals(
        Map.of("noncefile", AddressValue.of("/n")),
        Address.parse("tcp:noncefile=/n").unknownKeys());
  }

  @ParameterizedTest
  @DisplayName("ADDR-30 all are listenable, connectable only with host and port (and nonce file)")
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp:                                         | true  | false",
        "tcp:host=h                                   | true  | false",
        "tcp:port=1                                   | true  | false",
        "tcp:host=h,port=0                            | true  | false",
        "tcp:host=h,port=1                            | true  | true",
        "tcp:bind=b,port=1                            | true  | false",
        "nonce-tcp:                                   | true  | false",
        "nonce-tcp:host=h,port=1                      | true  | false",
        "nonce-tcp:host=h,port=0,noncefile=/n         | false | false",
        "nonce-tcp:port=1,noncefile=/n                | false | false",
        "nonce-tcp:host=h,port=1,noncefile=/n         | false | true"
      })
  void listenableAndConnectable(String text, boolean listenable, boolean connectable) {
    Address address = Address.parse(text);

    assertEquals(listenable, address.isListenable());
    assertEquals(connectable, address.isConnectable());
  }

  @ParameterizedTest
  @DisplayName("ADDR-30 the error names the key that a client lacks")
  @CsvSource({
    "tcp:port=1, no host to connect to",
    "'tcp:host=h', no port to connect to",
    "'nonce-tcp:host=h,port=1', no nonce file to read"
  })
  void whatAClientLacks(String text, String problem) {
    Address address = Address.parse(text);

    assertEquals(
        problem, assertThrows(AddressException.class, address::checkConnectable).problem());
  }

  @ParameterizedTest
  @DisplayName("ADDR-31 a port is decimal, 0 to 65535")
  @CsvSource({"0,0", "1,1", "65535,65535", "00080,80", "%38%30,80"})
  void port(String text, int port) {
    assertEquals(port, ((Tcp) Address.parse("tcp:host=h,port=" + text)).port());
  }

  @ParameterizedTest
  @DisplayName("ADDR-31 anything else is refused, with its place")
  @ValueSource(
      strings = {
        "-1",
        "65536",
        "42x",
        "%2b1",
        "%201",
        "1%20",
        "0x1",
        "99999999999999999999",
        "%d9%a0"
      })
  void badPort(String text) {
    AddressException tcp =
        assertThrows(AddressException.class, () -> Address.parse("tcp:host=h,port=" + text));

    assertEquals(16, tcp.position());
    assertTrue(tcp.problem().startsWith("port \"" + text + "\" is "), tcp.problem());
    assertThrows(AddressException.class, () -> Address.parse("nonce-tcp:port=" + text));
  }

  @Test
  @DisplayName("ADDR-31 an empty port is refused, and a port by hand is checked")
  void emptyPortAndPortByHand() {
    assertThrows(AddressException.class, () -> Address.parse("tcp:port="));
    assertThrows(AddressException.class, () -> Address.parse("tcp:port=+1"));
    assertThrows(IllegalArgumentException.class, () -> Tcp.of("h", -1));
    assertThrows(IllegalArgumentException.class, () -> Tcp.of("h", 65536));
    assertThrows(IllegalArgumentException.class, () -> NonceTcp.of("h", 65536));
    assertThrows(IllegalArgumentException.class, () -> Tcp.of("", 1));
    assertThrows(IllegalArgumentException.class, () -> Tcp.of("h", 1).withBind(""));
  }

  @Test
  @DisplayName("ADDR-31 an absent port means 0, an absent host means localhost when listening")
  void absentPortAndHost() {
    Tcp tcp = (Tcp) Address.parse("tcp:");

    assertEquals(Address.parse("tcp:port=0"), tcp);
    assertEquals("tcp:port=0", tcp.toString());
    assertEquals(Optional.empty(), tcp.host());
    assertEquals("localhost", tcp.hostOrDefault());
    assertEquals("localhost", tcp.bindOrHost());
  }

  @ParameterizedTest
  @DisplayName("ADDR-32 the family is ipv4 or ipv6")
  @ValueSource(strings = {"ipv5", "IPv4", "4", "%ff", "inet"})
  void badFamily(String family) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("tcp:family=" + family));

    assertEquals("family \"" + family + "\" is unknown", wrong.problem());
    assertEquals("write ipv4 or ipv6", wrong.remedy());
    assertEquals(AddressError.BAD_ADDRESS, wrong.error());
    assertEquals(11, wrong.position());
  }

  @Test
  @DisplayName("ADDR-32 an absent family means both")
  void absentFamily() {
    assertEquals(Optional.empty(), ((Tcp) Address.parse("tcp:")).family());
    assertEquals(
        Optional.of(IpFamily.IPV4), ((NonceTcp) Address.parse("nonce-tcp:family=ipv4")).family());
  }

  @Test
  @DisplayName("ADDR-33 bind is what a server binds, the host is what it tells")
  void bindIsNotTold() {
    Tcp tcp = (Tcp) Address.parse("tcp:host=example.org,bind=*,port=0");

    assertEquals("*", tcp.bindOrHost());
    assertEquals("example.org", Tcp.of("example.org", 0).bindOrHost());
    assertEquals(
        "tcp:host=example.org,port=4242,guid=" + GUID,
        tcp.clientAddress(4242, EnumSet.allOf(IpFamily.class), GUID).toString());
  }

  @Test
  @DisplayName("ADDR-35 a server takes no nonce file")
  void serverTakesNoNonceFile() {
    Address address = Address.parse("nonce-tcp:host=h,port=1,noncefile=/n");
    AddressException wrong = assertThrows(AddressException.class, address::checkListenable);

    assertEquals("a server takes no \"noncefile\"", wrong.problem());
    assertEquals(24, wrong.position());
  }

  @Test
  @DisplayName("ADDR-43, ADDR-44 the address for clients: the actual port, keys in their order")
  void clientAddress() {
    assertEquals(
        "tcp:host=localhost,port=4242,guid=" + GUID,
        Tcp.of("localhost", 0).clientAddress(4242, EnumSet.allOf(IpFamily.class), GUID).toString());
    assertEquals(
        "tcp:host=localhost,port=4242,family=ipv4,guid=" + GUID,
        ((Tcp) Address.parse("tcp:")).clientAddress(4242, Set.of(IpFamily.IPV4), GUID).toString());
    assertEquals(
        "nonce-tcp:host=localhost,port=4242,family=ipv6,noncefile=/tmp/a%20b,guid=" + GUID,
        NonceTcp.of("localhost", 0)
            .clientAddress(4242, Set.of(IpFamily.IPV6), Path.of("/tmp/a b"), GUID)
            .toString());
  }

  @Test
  @DisplayName("ADDR-43 the host of the address for clients is escaped")
  void clientAddressEscapesTheHost() {
    assertEquals(
        "tcp:host=%3a%3a1,port=1",
        Tcp.of("::1", 0).clientAddress(1, Set.of(), GUID).withoutGuid().toString());
  }

  @Test
  @DisplayName("ADDR-43 the address for clients is connectable, or is not made")
  void clientAddressIsConnectable() {
    assertTrue(Tcp.of("h", 0).clientAddress(1, Set.of(), GUID).isConnectable());
    assertTrue(NonceTcp.of("h", 0).clientAddress(1, Set.of(), Path.of("n"), GUID).isConnectable());
    assertThrows(
        IllegalArgumentException.class, () -> Tcp.of("h", 0).clientAddress(0, Set.of(), GUID));
    assertThrows(
        IllegalArgumentException.class,
        () -> NonceTcp.of("h", 0).clientAddress(0, Set.of(), Path.of("n"), GUID));
  }

  @Test
  @DisplayName("a host that is no text is refused")
  void hostIsText() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("tcp:host=%ff"));

    assertEquals("key \"host\" is not UTF-8", wrong.problem());
    assertFalse(Address.parse("tcp:host=%c3%b6").toString().isEmpty());
  }
}
