package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {

  @Test
  @DisplayName("ADDR-01 a list is addresses with \";\" between them, in their order")
  void orderIsKept() {
    AddressList list = AddressList.parse("unix:runtime=yes;unix:tmpdir=/tmp;foo:");

    assertEquals(
        new AddressList(List.of(UnixRuntime.of(), UnixTmpdir.of("/tmp"), Address.parse("foo:"))),
        list);
    assertEquals("unix:runtime=yes;unix:tmpdir=/tmp;foo:", list.toString());
  }

  @Test
  @DisplayName("ADDR-11 one \";\" at the end is read and never written")
  void semicolonAtTheEnd() {
    AddressList list = AddressList.parse("unix:path=/a;tcp:;");

    assertEquals(2, list.entries().size());
    assertEquals("unix:path=/a;tcp:port=0", list.toString());
  }

  @ParameterizedTest
  @DisplayName("ADDR-11 an empty entry anywhere else is refused")
  @CsvSource({
    "'', 0",
    "';', 0",
    "';unix:path=/a', 0",
    "'unix:path=/a;;', 13",
    "'unix:path=/a;;unix:path=/b', 13"
  })
  void emptyEntry(String text, int position) {
    AddressException wrong = assertThrows(AddressException.class, () -> AddressList.parse(text));

    assertEquals("an empty address", wrong.problem());
    assertEquals(position, wrong.position());
  }

  @Test
  @DisplayName("ADDR-42 the whole list is read first: one malformed entry spoils it")
  void malformedEntry() {
    AddressException wrong =
        assertThrows(
            AddressException.class, () -> AddressList.parse("unix:path=/a;unix:path=/b,dir=/c"));

    assertEquals(
        "unix:path=/a;unix:path=/b,dir=/c: keys \"path\" and \"dir\" exclude each other (at 26);"
            + " give exactly one of path, abstract, dir, tmpdir, runtime",
        wrong.getMessage());
  }

  @Test
  @DisplayName("ADDR-40 an unknown transport does not spoil the list")
  void unknownTransportInAList() {
    List<Boolean> connectable = new ArrayList<>();
    for (Address address : AddressList.parse("foo:x=y;unix:path=/a")) {
      connectable.add(address.isConnectable());
    }

    assertEquals(List.of(false, true), connectable);
  }

  @Test
  @DisplayName("a list is made by hand from at least one address")
  void byHand() {
    assertEquals(
        "unix:path=/a;tcp:host=localhost,port=1",
        AddressList.of(UnixPath.of("/a"), Tcp.of("localhost", 1)).toString());
    assertThrows(IllegalArgumentException.class, () -> new AddressList(List.of()));
  }
}
