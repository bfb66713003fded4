package dbus.testkit.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.AddressValue;
import dbus.address.Guid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class AddressProperties {

  @Property
  @Label("ADDR-01 parse undoes format")
  void parseUndoesFormat(@ForAll("addresses") Address address) {
    assertEquals(address, Address.parse(address.toString()));
  }

  @Property
  @Label("ADDR-01 parse undoes format for lists")
  void parseUndoesFormatForLists(@ForAll("lists") AddressList list) {
    assertEquals(list, AddressList.parse(list.toString()));
  }

  @Property
  @Label("ADDR-02, ADDR-03 unescaping undoes escaping")
  void unescapeUndoesEscape(@ForAll("values") AddressValue value) {
    assertEquals(value, AddressValue.parse(value.toString()));
    assertEquals(value, AddressValue.of(value.bytes()));
  }

  @Property
  @Label("a path has the same bytes on both ways")
  void pathsKeepTheirBytes(@ForAll("values") AddressValue value) {
    // A path has no slash at its end and no two in a row.
    AddressValue asPath = AddressValue.of(value.toPath());

    assertEquals(asPath, AddressValue.of(asPath.toPath()));
    assertEquals(withoutNeedlessSlashes(value.toString()), asPath.toString());
  }

  @Property
  @Label("ADDR-29 a path has the names that it was given, in their order, and is as absolute")
  void pathsKeepTheirNames(@ForAll("paths") AddressValue value) {
    String text = withoutNeedlessSlashes(value.toString());
    List<String> expected = Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toList();
    Path path = value.toPath();

    Statistics.label("beyond ASCII, relative, with ..")
        .collect(text.contains("%") && !text.startsWith("/") && expected.contains(".."))
        .coverage(seen -> seen.check(true).count(n -> n > 50));
    assertEquals(text.startsWith("/"), path.isAbsolute());
    List<String> names = new ArrayList<>();
    path.forEach(name -> names.add(AddressValue.of(name).toString()));
    assertEquals(expected, names);
  }

  private static String withoutNeedlessSlashes(String path) {
    String single = path.replaceAll("/+", "/");
    return single.length() > 1 && single.endsWith("/")
        ? single.substring(0, single.length() - 1)
        : single;
  }

  @Property
  @Label(
      "ADDR-03, ADDR-05, ADDR-11 formatting what was read is canonical, and does not change again")
  void formatIsCanonical(@ForAll("validTexts") String text) {
    AddressList list = AddressList.parse(text);
    String canonical = list.toString();

    assertEquals(list, AddressList.parse(canonical));
    assertEquals(canonical, AddressList.parse(canonical).toString());
    assertTrue(canonical.chars().allMatch(c -> c > ' ' && c < 127), canonical);
  }

  @Property(tries = 5000)
  @Label("no text makes the parser throw anything but its exception, with a place in the text")
  void onlyAddressException(@ForAll("nearlyValidTexts") String text) {
    try {
      AddressList list = AddressList.parse(text);
      assertEquals(list, AddressList.parse(list.toString()));
    } catch (AddressException e) {
      assertEquals(text, e.text());
      assertEquals(AddressError.BAD_ADDRESS, e.error());
      assertTrue(e.position() >= 0 && e.position() <= text.length(), e.getMessage());
      assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
    }
  }

  @Property(tries = 2000)
  @Label("no text at all makes the parser throw anything but its exception")
  void onlyAddressExceptionForAnyText(@ForAll String text) {
    try {
      assertEquals(AddressList.parse(text), AddressList.parse(AddressList.parse(text).toString()));
    } catch (AddressException e) {
      assertEquals(text, e.text());
    }
  }

  @Property
  @Label("ADDR-14 an address is usable for a purpose exactly if its check passes")
  void checksAgreeWithPredicates(@ForAll("addresses") Address address) {
    assertEquals(address.isListenable(), passes(address::checkListenable));
    assertEquals(address.isConnectable(), passes(address::checkConnectable));
  }

  private static boolean passes(Runnable check) {
    try {
      check.run();
      return true;
    } catch (AddressException _) {
      return false;
    }
  }

  @Property
  @Label("ADDR-13 what a server can listen on has no unknown keys")
  void listenableHasNoUnknownKeys(@ForAll("addresses") Address address) {
    assertTrue(!address.isListenable() || address.unknownKeys().isEmpty());
  }

  @Property
  @Label("ADDR-15 a guid can be given to any address and taken away")
  void guidComesAndGoes(@ForAll("addresses") Address address, @ForAll("guids") Guid guid) {
    assertEquals(guid, address.withGuid(guid).guid().orElseThrow());
    assertEquals(address.withoutGuid(), address.withGuid(guid).withoutGuid());
    assertTrue(address.withGuid(guid).toString().endsWith("guid=" + guid));
  }

  @Property
  @Label("ADDR-17 a GUID is read from its text, and ordered as its text")
  void guidAndText(@ForAll("guids") Guid one, @ForAll("guids") Guid other) {
    assertEquals(one, Guid.parse(one.toString()));
    assertEquals(
        Integer.signum(one.toString().compareTo(other.toString())),
        Integer.signum(one.compareTo(other)));
  }

  @Provide
  Arbitrary<AddressValue> paths() {
    return AddressArbitraries.paths();
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
  Arbitrary<AddressValue> values() {
    return AddressArbitraries.values();
  }

  @Provide
  Arbitrary<Guid> guids() {
    return AddressArbitraries.guids();
  }

  @Provide
  Arbitrary<String> validTexts() {
    return AddressTexts.valid();
  }

  @Provide
  Arbitrary<String> nearlyValidTexts() {
    return AddressTexts.nearlyValid();
  }
}
