package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an address is, whatever its transport.
class AddressSyntaxTest {
  private static final String GUID = "0123456789abcdef0123456789abcdef";

  @Test
  @DisplayName("ADDR-01 an address is a transport and its keys, in their order")
  void addressIsTransportAndKeys() {
    Address address = Address.parse("foo:b=1,a=2,c=3");

    assertEquals("foo", address.transport());
    assertEquals(List.of("b", "a", "c"), List.copyOf(address.keys().sequencedKeySet()));
    assertEquals("foo:b=1,a=2,c=3", address.toString());
  }

  @ParameterizedTest
  @DisplayName("ADDR-01 parse followed by format gives an equal value")
  @ValueSource(
      strings = {
        "unix:path=/tmp/dbus-test",
        "unix:abstract=/tmp/dbus-U8OSdmf7",
        "unix:dir=/tmp",
        "unix:tmpdir=/tmp",
        "unix:runtime=yes",
        "tcp:host=127.0.0.1,port=4242",
        "tcp:host=localhost,bind=%2a,port=0,family=ipv6",
        "nonce-tcp:host=localhost,port=4242,noncefile=/tmp/nonce",
        "unixexec:path=/bin/sh,argv0=sh,argv1=-c,argv2=echo%20hello",
        "systemd:",
        "launchd:env=DBUS_LAUNCHD_SESSION_BUS_SOCKET",
        "autolaunch:",
        "autolaunch:scope=%2auser",
        "foo:",
        "foo:bar=baz,x=y",
        "foo:bar=baz,guid=" + GUID
      })
  void canonicalTextStaysAsItIs(String text) {
    Address address = Address.parse(text);

    assertEquals(text, address.toString());
    assertEquals(address, Address.parse(address.toString()));
    assertEquals(address.hashCode(), Address.parse(address.toString()).hashCode());
  }

  @Test
  @DisplayName("equal by meaning: the order of keys and the spelling of values do not count")
  void equalByMeaning() {
    assertEquals(
        Address.parse("tcp:host=a,port=1,x=1,y=2"),
        Address.parse("tcp:y=%32,x=1,port=01,host=%61"));
    assertNotEquals(Address.parse("unix:path=/a"), Address.parse("unix:abstract=/a"));
    assertNotEquals(Address.parse("unix:path=/a"), Address.parse("unix:path=/a,guid=" + GUID));
  }

  @ParameterizedTest
  @DisplayName("ADDR-08, ADDR-09 what is no address, where, and what would be right")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "null",
      value = {
        "``            |  0 | an empty address",
        "foo           |  3 | no \":\" after the transport",
        "foo,bar:      |  3 | no \":\" after the transport",
        "foo:bar       |  7 | no \"=\" after the key",
        "foo:bar,baz   |  7 | no \"=\" after the key",
        "foo:a=b,baz   | 11 | no \"=\" after the key",
        "foo:=x        |  4 | an empty key",
        ":             |  0 | an empty transport",
        ":a=b          |  0 | an empty transport",
        "foo:a=b,      |  8 | a \",\" with no key after it",
        "foo:a=b,,c=d  |  8 | a \",\" with no key after it",
        "foo:,a=b      |  4 | a \",\" with no key after it",
        "foo:foo=      |  8 | key \"foo\" has an empty value",
        "foo:foo=,a=b  |  8 | key \"foo\" has an empty value",
        "unix:path=    | 10 | key \"path\" has an empty value",
        "foo bar:a=b   |  3 | \" \" in the name of a transport",
        "foo:a%61=b    |  5 | \"%\" in a key",
        "foo:ä=b       |  4 | \"ä\" in a key",
        "foo:a:b=c     |  5 | \":\" in a key"
      })
  void isNoAddress(String text, int position, String problem) {
    AddressException wrong = assertThrows(AddressException.class, () -> Address.parse(text));

    assertEquals(problem, wrong.problem());
    assertEquals(position, wrong.position());
    assertEquals(text, wrong.text());
    assertEquals(AddressError.BAD_ADDRESS, wrong.error());
    assertEquals(
        text + ": " + problem + " (at " + position + "); " + wrong.remedy(), wrong.getMessage());
  }

  @Test
  @DisplayName("ADDR-10 a key that occurs twice is refused")
  void duplicateKey() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:path=/a,path=/a"));

    assertEquals(
        "unix:path=/a,path=/a: key \"path\" occurs twice (at 13); give it once",
        wrong.getMessage());
    assertThrows(AddressException.class, () -> Address.parse("foo:x=1,y=2,x=1"));
    assertThrows(AddressException.class, () -> Address.parse("foo:guid=" + GUID + ",guid=" + GUID));
  }

  @Test
  @DisplayName("ADDR-12 unknown transports and keys survive, the order kept")
  void unknownIsKept() {
    Address transport = Address.parse("foo:bar=baz,x=y");
    Address key = Address.parse("unix:zzz=1,path=/a,aaa=%20");

    assertEquals(
        new UnknownTransport(
            "foo",
            Map.of("bar", AddressValue.of("baz"), "x", AddressValue.of("y")),
            Optional.empty()),
        transport);
    assertEquals("foo:bar=baz,x=y", transport.toString());
    assertEquals(
        Map.of("zzz", AddressValue.of("1"), "aaa", AddressValue.of(" ")), key.unknownKeys());
    assertEquals("unix:path=/a,zzz=1,aaa=%20", key.toString());
  }

  @Test
  @DisplayName("ADDR-15 any address may have a guid, which is written last and in lower case")
  void guidAnywhere() {
    String upper = "guid=0123456789ABCDEF0123456789ABCDEF";

    assertEquals(
        "unix:path=/a,x=y,guid=" + GUID,
        Address.parse("unix:" + upper + ",path=/a,x=y").toString());
    assertEquals(Optional.of(Guid.parse(GUID)), Address.parse("foo:" + upper).guid());
    assertEquals(Optional.empty(), Address.parse("foo:").guid());
    for (String text :
        List.of(
            "tcp:",
            "nonce-tcp:",
            "systemd:",
            "autolaunch:",
            "unixexec:path=a,",
            "launchd:env=A,",
            "unix:dir=/a,",
            "unix:tmpdir=/a,",
            "unix:abstract=a,",
            "unix:runtime=yes,")) {
      assertEquals(Optional.of(Guid.parse(GUID)), Address.parse(text + "guid=" + GUID).guid());
    }
  }

  @ParameterizedTest
  @DisplayName("ADDR-15 a malformed guid is refused, in unknown transports too")
  @ValueSource(strings = {"unix:path=/a,guid=", "foo:guid="})
  void malformedGuid(String start) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse(start + "0123"));

    assertEquals("guid \"0123\" is malformed", wrong.problem());
    assertEquals(start.length(), wrong.position());
    assertThrows(AddressException.class, () -> Address.parse(start + GUID + "0"));
    assertThrows(AddressException.class, () -> Address.parse(start + "%ff" + GUID.substring(1)));
  }

  @Test
  @DisplayName("ADDR-15 a guid is given and taken away by hand")
  void guidByHand() {
    Address address = UnixPath.of("/a").withGuid(Guid.parse(GUID));

    assertEquals("unix:path=/a,guid=" + GUID, address.toString());
    assertEquals(UnixPath.of("/a"), address.withoutGuid());
  }

  @Test
  @DisplayName("exactly one address is read, also without a \";\" at the end")
  void exactlyOne() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:path=/a;unix:path=/b"));

    assertEquals("more than one address", wrong.problem());
    assertEquals(12, wrong.position());
    assertThrows(AddressException.class, () -> Address.parse("unix:path=/a;"));
  }

  @Test
  @DisplayName("what cannot be read cannot be made by hand")
  void noInvalidAddressByHand() {
    AddressValue value = AddressValue.of("x");
    Optional<Guid> none = Optional.empty();

    assertThrows(IllegalArgumentException.class, () -> UnknownTransport.of("", Map.of()));
    assertThrows(IllegalArgumentException.class, () -> UnknownTransport.of("a:b", Map.of()));
    assertThrows(
        IllegalArgumentException.class, () -> UnknownTransport.of("unix", Map.of("x", value)));
    assertThrows(
        IllegalArgumentException.class, () -> UnknownTransport.of("foo", Map.of("a=b", value)));
    assertThrows(
        IllegalArgumentException.class, () -> UnknownTransport.of("foo", Map.of("", value)));
    assertThrows(
        IllegalArgumentException.class, () -> UnknownTransport.of("foo", Map.of("guid", value)));
    assertThrows(
        IllegalArgumentException.class, () -> new UnixPath(value, Map.of("dir", value), none));
    assertThrows(
        IllegalArgumentException.class,
        () -> new UnixExec(value, none.map(_ -> value), List.of(), Map.of("argv1", value), none));
  }

  @Test
  @DisplayName("the unknown keys of an address cannot be changed")
  void unknownKeysAreImmutable() {
    Map<String, AddressValue> keys = Address.parse("unix:path=/a,x=y").unknownKeys();

    assertThrows(UnsupportedOperationException.class, keys::clear);
  }

  @Test
  @DisplayName(
      "control characters of a text do not reach the message as such, and long texts are cut")
  void messageIsFitForALog() {
    AddressException forged =
        assertThrows(AddressException.class, () -> Address.parse("foo:a=b\nroot logged in"));
    AddressException huge =
        assertThrows(AddressException.class, () -> Address.parse("x".repeat(1_000_000)));

    assertEquals(
        "foo:a=b\uFFFDroot logged in: \"\uFFFD\" stands unescaped in a value (at 7); write %0a",
        forged.getMessage());
    assertEquals("foo:a=b\nroot logged in", forged.text());
    assertEquals(
        "x".repeat(400)
            + "…: no \":\" after the transport (at 1000000);"
            + " write transport:key=value",
        huge.getMessage());
  }
}
