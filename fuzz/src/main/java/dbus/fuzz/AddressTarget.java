package dbus.fuzz;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.AddressValue;
import dbus.address.Guid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// Any text is a list of addresses, which is written in one way and read back as the same list, or
/// is refused with a place in it. Any bytes but NUL are a value, whatever has to be escaped.
public final class AddressTarget {

  /// What the specification lets stand in a value that everybody reads.
  private static final Pattern VALUE = Pattern.compile("[-0-9A-Za-z_/.\\\\%]+");

  /// Names have no way to escape the `*`.
  private static final Pattern LIST = Pattern.compile("[-0-9A-Za-z_/.\\\\%*=,:;]+");

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  private AddressTarget() {}

  /// Tries one input.
  ///
  /// @param input a text in UTF-8; what is none is replaced. The same bytes are a value
  public static void fuzzerTestOneInput(byte[] input) {
    escape(input);
    String text = new String(input, StandardCharsets.UTF_8);
    AddressList list;
    try {
      list = AddressList.parse(text);
    } catch (AddressException e) {
      Claim.isTrue(e.position() >= 0 && e.position() <= text.length(), e);
      Claim.areEqual(text, e.text());
      Claim.isTrue(message(e).length() < 4000, "a short message");
      Claim.isTrue(message(e).chars().noneMatch(Character::isISOControl), "one line");
      Claim.isTrue(isRefused(text), "a list that is wrong is no address");
      return;
    }
    String written = list.toString();
    Claim.isTrue(LIST.matcher(written).matches(), written);
    Claim.areEqual(list, AddressList.parse(written));
    Claim.areEqual(list.hashCode(), AddressList.parse(written).hashCode());
    Claim.areEqual(written, AddressList.parse(written).toString());
    list.forEach(AddressTarget::check);
  }

  private static String message(AddressException e) {
    return String.valueOf(e.getMessage());
  }

  private static boolean isRefused(String text) {
    try {
      return Address.parse(text) == null;
    } catch (AddressException _) {
      return true;
    }
  }

  private static void check(Address address) {
    Claim.areEqual(address, Address.parse(address.toString()));
    Claim.areEqual(address.isListenable(), passes(address::checkListenable));
    Claim.areEqual(address.isConnectable(), passes(address::checkConnectable));
    Claim.isTrue(!address.isListenable() || address.unknownKeys().isEmpty(), "keys are known");
    Claim.isTrue(address.warnings().stream().noneMatch(it -> it.toString().isEmpty()), "warnings");
    Claim.isTrue(
        address.keys().entrySet().containsAll(address.unknownKeys().entrySet()), "all keys");
    address.keys().values().forEach(value -> escape(value.bytes()));
    Claim.areEqual(List.of(GUID), address.withGuid(GUID).guid().stream().toList());
    Claim.areEqual(address.withoutGuid(), address.withGuid(GUID).withoutGuid());
    address.guid().ifPresent(guid -> Claim.areEqual(guid, Guid.parse(guid.toString())));
  }

  private static boolean passes(Runnable check) {
    try {
      check.run();
      return true;
    } catch (AddressException _) {
      return false;
    }
  }

  private static void escape(byte[] bytes) {
    AddressValue value;
    try {
      value = AddressValue.of(bytes);
    } catch (IllegalArgumentException e) {
      Claim.isTrue(
          bytes.length == 0 || new String(bytes, StandardCharsets.ISO_8859_1).contains("\0"), e);
      return;
    }
    Claim.areEqual(value, AddressValue.parse(value.toString()));
    Claim.isTrue(VALUE.matcher(value.toString()).matches(), value);
    value.text().ifPresent(text -> Claim.areEqual(value, AddressValue.of(text)));
  }
}
