package dbus.testkit.address;

import dbus.address.Address;
import dbus.address.AddressList;
import dbus.address.AddressValue;
import dbus.address.Autolaunch;
import dbus.address.Guid;
import dbus.address.IpFamily;
import dbus.address.Launchd;
import dbus.address.NonceTcp;
import dbus.address.Systemd;
import dbus.address.Tcp;
import dbus.address.UnixAbstract;
import dbus.address.UnixDir;
import dbus.address.UnixExec;
import dbus.address.UnixPath;
import dbus.address.UnixRuntime;
import dbus.address.UnixTmpdir;
import dbus.address.UnknownTransport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of addresses. Values shrink to the letter `a`, optional parts to none, and lists to
/// one entry.
public final class AddressArbitraries {
  private static final String KNOWN_KEYS =
      "path abstract dir tmpdir runtime host bind port family noncefile argv0 env scope guid";

  private AddressArbitraries() {}

  /// Any identifier.
  public static Arbitrary<Guid> guids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(Guid::new);
  }

  /// Any value of a key: 1 to 120 bytes, more than a socket name can have, mostly letters, but also
  /// bytes that must be escaped and that are no text; one in four is a path.
  public static Arbitrary<AddressValue> values() {
    return Arbitraries.frequencyOf(Tuple.of(3, anyBytes()), Tuple.of(1, paths()));
  }

  /// Paths, relative or not, with `.` and `..` among their names, and names beyond ASCII, some of
  /// which are no text.
  public static Arbitrary<AddressValue> paths() {
    Arbitrary<String> names =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of("a", "run", "dbus-1")),
            Tuple.of(3, Arbitraries.just("..")),
            Tuple.of(1, Arbitraries.of(".", "", "..a", "*")),
            Tuple.of(2, Arbitraries.of("%c3%a9", "%ff", "%2e%2e", "%e2%80%ae")));
    return Combinators.combine(Arbitraries.of("", "/"), names.list().ofMinSize(1).ofMaxSize(8))
        .as((root, all) -> root + String.join("/", all))
        .filter(text -> !text.isEmpty())
        .map(AddressValue::parse);
  }

  private static Arbitrary<AddressValue> anyBytes() {
    Arbitrary<Byte> bytes =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.bytes().between((byte) 'a', (byte) 'z')),
            Tuple.of(2, Arbitraries.of((byte) '/', (byte) '*', (byte) '%', (byte) ',', (byte) ';')),
            Tuple.of(2, Arbitraries.bytes().filter(b -> b != 0)));
    return bytes.array(byte[].class).ofMinSize(1).ofMaxSize(120).map(AddressValue::of);
  }

  /// Any value that is text: 1 to 20 characters of any script.
  public static Arbitrary<String> texts() {
    Arbitrary<String> letters =
        Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(20);
    Arbitrary<String> any =
        Arbitraries.strings()
            .all()
            .ofMinLength(1)
            .ofMaxLength(20)
            .filter(text -> text.indexOf(0) < 0 && isWhole(text));
    return Arbitraries.oneOf(letters, any);
  }

  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  /// Names of keys that no transport knows.
  public static Arbitrary<String> unknownKeys() {
    return names().filter(name -> !List.of(KNOWN_KEYS.split(" ")).contains(name));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars("-_/.\\*")
        .ofMinLength(1)
        .ofMaxLength(8);
  }

  private static Arbitrary<Map<String, AddressValue>> unknownKeysWithValues() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just(Map.of())),
        Tuple.of(1, Arbitraries.maps(unknownKeys(), values()).ofMinSize(1).ofMaxSize(3)));
  }

  /// Any address of any transport, with and without unknown keys and guid.
  public static Arbitrary<Address> addresses() {
    return Arbitraries.oneOf(List.of(unix(), inet(), others()));
  }

  /// Any address with the transport `unix`.
  public static Arbitrary<Address> unix() {
    Arbitrary<Map<String, AddressValue>> rest = unknownKeysWithValues();
    Arbitrary<Optional<Guid>> guid = guids().optional();
    Arbitrary<AddressValue> values = values();
    return Arbitraries.oneOf(
        Combinators.combine(values, rest, guid).as((v, r, g) -> new UnixPath(v, r, g)),
        Combinators.combine(values, rest, guid).as((v, r, g) -> new UnixAbstract(v, r, g)),
        Combinators.combine(values, rest, guid).as((v, r, g) -> new UnixDir(v, r, g)),
        Combinators.combine(values, rest, guid).as((v, r, g) -> new UnixTmpdir(v, r, g)),
        Combinators.combine(rest, guid).as((r, g) -> new UnixRuntime(r, g)));
  }

  /// Any address with the transport `tcp` or `nonce-tcp`.
  public static Arbitrary<Address> inet() {
    Arbitrary<Optional<String>> host = texts().optional();
    Arbitrary<Optional<String>> bind = texts().optional();
    Arbitrary<Integer> port = Arbitraries.integers().between(0, 65535);
    Arbitrary<Optional<IpFamily>> family = Arbitraries.of(IpFamily.class).optional();
    Arbitrary<Map<String, AddressValue>> rest = unknownKeysWithValues();
    Arbitrary<Optional<Guid>> guid = guids().optional();
    return Arbitraries.oneOf(
        Combinators.combine(host, bind, port, family, rest, guid)
            .as((h, b, p, f, r, g) -> new Tcp(h, b, p, f, r, g)),
        Combinators.combine(host, bind, port, family, values().optional(), rest, guid)
            .as((h, b, p, f, n, r, g) -> new NonceTcp(h, b, p, f, n, r, g)));
  }

  /// Any address of another transport, known or not.
  public static Arbitrary<Address> others() {
    Arbitrary<Map<String, AddressValue>> rest = unknownKeysWithValues();
    Arbitrary<Optional<Guid>> guid = guids().optional();
    Arbitrary<AddressValue> values = values();
    return Arbitraries.oneOf(
        Combinators.combine(values, values.optional(), values.list().ofMaxSize(12), rest, guid)
            .as((p, n, a, r, g) -> new UnixExec(p, n, a, r, g)),
        Combinators.combine(rest, guid).as((r, g) -> new Systemd(r, g)),
        Combinators.combine(values, rest, guid).as((e, r, g) -> new Launchd(e, r, g)),
        Combinators.combine(values.optional(), rest, guid).as((s, r, g) -> new Autolaunch(s, r, g)),
        Combinators.combine(unknownTransports(), rest, guid)
            .as((t, r, g) -> new UnknownTransport(t, r, g)));
  }

  private static Arbitrary<String> unknownTransports() {
    List<String> known =
        List.of("unix", "tcp", "nonce-tcp", "unixexec", "systemd", "launchd", "autolaunch");
    return names().filter(name -> !known.contains(name));
  }

  /// Lists of one to four addresses.
  public static Arbitrary<AddressList> lists() {
    return addresses().list().ofMinSize(1).ofMaxSize(4).map(AddressList::new);
  }
}
