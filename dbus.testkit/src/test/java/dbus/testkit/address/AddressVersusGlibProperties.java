package dbus.testkit.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.AddressValue;
import dbus.address.Autolaunch;
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
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/// This library and GLib agree on what an address is, but for the lines of the conformance list
/// that are named here and in [StricterThanGlib].
@AddLifecycleHook(NeedsGlib.class)
class AddressVersusGlibProperties {
  private static Glib glib;

  @BeforeContainer
  static void startGlib() {
    glib = new Glib();
  }

  @AfterContainer
  static void stopGlib() throws IOException {
    // It is missing if it could not be started; that error is the one to report.
    if (glib != null) {
      glib.close();
    }
  }

  @Property(tries = 4000)
  @Label("g_dbus_is_address: the same, but for the lines where this library is stricter")
  void isAddress(@ForAll("texts") String text) {
    // ADDR-11: one semicolon at the end is read here, and refused there.
    String forGlib = text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
    boolean isAddressForGlib = glib.isAddress(forGlib);
    Set<String> reasons = isAddressForGlib ? StricterThanGlib.reasons(forGlib) : Set.of();
    boolean isAddress = parse(text).isPresent();

    Statistics.label("GLib, this library")
        .collect(isAddressForGlib, isAddress)
        .coverage(seen -> {
          seen.check(true, true).count(n -> n > 100);
          seen.check(true, false).count(n -> n > 100);
          seen.check(false, false).count(n -> n > 100);
          seen.check(false, true).count(n -> n == 0);
        });
    assertEquals(
        isAddressForGlib && reasons.isEmpty(),
        isAddress,
        () -> "GLib says " + isAddressForGlib + ", stricter by " + reasons);
  }

  @Example
  @Label("here: a name has no escapes; GLib unescapes keys, even to bytes that are no text")
  void escapedKey() {
    String text = "nonce-tcp:host=a,non%efile=/x";

    assertEquals(true, glib.isAddress(text));
    assertEquals(Optional.empty(), parse(text));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  @Label("g_dbus_is_address: whatever this library writes is an address, also for GLib")
  void whatIsWrittenIsAnAddress(@ForAll("lists") AddressList list) {
    assertEquals(true, glib.isAddress(list.toString()));
  }

  @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
  @Label("g_dbus_is_supported_address: the same, but for what GLib does not know")
  void isSupported(@ForAll("addresses") Address address) {
    boolean isSupported = isSupportedByGlib(address);

    Statistics.label("supported by GLib")
        .collect(isSupported)
        .coverage(seen -> {
          seen.check(true).count(n -> n > 200);
          seen.check(false).count(n -> n > 200);
        });
    assertEquals(isSupported, glib.isSupported(address.toString()));
  }

  /// What this library supports, without what GLib does not.
  private static boolean isSupportedByGlib(Address address) {
    // ADDR-13: GLib refuses unknown keys also for clients.
    boolean onlyKnownKeys = address.unknownKeys().isEmpty();
    return switch (address) {
      case UnixPath _, UnixAbstract _, UnixDir _, UnixTmpdir _ -> onlyKnownKeys;
      // ADDR-22: GLib does not know the key.
      case UnixRuntime _ -> false;
      // ADDR-33: GLib does not know the key bind.
      case Tcp tcp -> onlyKnownKeys && tcp.bind().isEmpty();
      case NonceTcp tcp -> onlyKnownKeys && tcp.bind().isEmpty();
      // ADDR-39: GLib launches a bus, for exactly this text; this library knows the text only.
      case Autolaunch autolaunch -> autolaunch.equals(Autolaunch.of());
      // ADDR-37, ADDR-38, ADDR-39: GLib knows neither of them.
      case UnixExec _, Systemd _, Launchd _ -> false;
      case UnknownTransport _ -> false;
    };
  }

  @Property(tries = 3000)
  @Label("ADDR-05 g_dbus_address_escape_value: the same bytes are escaped, there in upper case")
  void escapeValue(@ForAll("values") String value) {
    String upperCase =
        Pattern.compile("%..")
            .matcher(AddressValue.of(value).toString())
            .replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));

    assertEquals(upperCase, glib.escape(value));
  }

  private static Optional<AddressList> parse(String text) {
    try {
      return Optional.of(AddressList.parse(text));
    } catch (AddressException _) {
      return Optional.empty();
    }
  }

  /// GLib takes UTF-8 up to the first NUL.
  @Provide
  Arbitrary<String> texts() {
    return AddressTexts.nearlyValid()
        .filter(text ->
            text.codePoints()
                .noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE));
  }

  @Provide
  Arbitrary<Address> addresses() {
    return AddressArbitraries.addresses();
  }

  @Provide
  Arbitrary<AddressList> lists() {
    return AddressArbitraries.lists();
  }

  @Provide
  Arbitrary<String> values() {
    return AddressArbitraries.texts();
  }
}
