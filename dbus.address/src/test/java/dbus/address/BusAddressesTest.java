package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusAddressesTest {
  private final FakeEnvironment environment = new FakeEnvironment();

  @Test
  @DisplayName("ADDR-47 the session bus is where its variable says")
  void sessionByVariable() {
    environment
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/a;unix:path=/b")
        .set("XDG_RUNTIME_DIR", "/run/user/7")
        .socket("/run/user/7/bus");

    assertEquals(
        AddressList.of(UnixPath.of("/a"), UnixPath.of("/b")), BusAddresses.session(environment));
  }

  @Test
  @DisplayName("ADDR-47 else it is the own socket in the runtime directory")
  void sessionByRuntimeDirectory() {
    environment.set("XDG_RUNTIME_DIR", "/run/user/7").socket("/run/user/7/bus");
    AddressList found = AddressList.of(UnixPath.of("/run/user/7/bus"));

    assertEquals(found, BusAddresses.session(environment));
    environment.set("DBUS_SESSION_BUS_ADDRESS", "autolaunch:");
    assertEquals(found, BusAddresses.session(environment));
  }

  @Test
  @DisplayName("ADDR-47, SEC-05 without either, nothing is guessed and no program is started")
  void noSession() {
    for (FakeEnvironment none :
        List.of(
            new FakeEnvironment(),
            new FakeEnvironment().set("XDG_RUNTIME_DIR", "/run/user/7"),
            new FakeEnvironment().set("XDG_RUNTIME_DIR", "run").socket("/run/bus"),
            new FakeEnvironment().set("DBUS_SESSION_BUS_ADDRESS", "autolaunch:"))) {
      AddressException wrong =
          assertThrows(AddressException.class, () -> BusAddresses.session(none));

      assertEquals(
          "DBUS_SESSION_BUS_ADDRESS=: the variable is not set (at 25);"
              + " set it, or provide a socket of your own as $XDG_RUNTIME_DIR/bus",
          wrong.getMessage());
      assertEquals(AddressError.NOT_SUPPORTED, wrong.error());
    }
  }

  @Test
  @DisplayName("ADDR-47 the system bus is where its variable says, else at the path of the spec")
  void system() {
    assertEquals(
        "unix:path=/var/run/dbus/system_bus_socket", BusAddresses.system(environment).toString());
    environment.set("DBUS_SYSTEM_BUS_ADDRESS", "tcp:host=h,port=1");
    assertEquals("tcp:host=h,port=1", BusAddresses.system(environment).toString());
  }

  @Test
  @DisplayName("ADDR-48 the starter bus has a type, and an address of its own or that of its type")
  void starter() {
    environment
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/session")
        .set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/system");

    environment.set("DBUS_STARTER_BUS_TYPE", "session");
    assertEquals("unix:path=/session", BusAddresses.starter(environment).toString());
    environment.set("DBUS_STARTER_BUS_TYPE", "system");
    assertEquals("unix:path=/system", BusAddresses.starter(environment).toString());
    environment.set("DBUS_STARTER_ADDRESS", "unix:path=/starter");
    assertEquals("unix:path=/starter", BusAddresses.starter(environment).toString());
  }

  @ParameterizedTest
  @DisplayName("ADDR-48 any other type is an error that names the variable")
  @ValueSource(strings = {"user", "SESSION", "session ", "a\nb"})
  void unknownStarterType(String type) {
    environment.set("DBUS_STARTER_BUS_TYPE", type).set("DBUS_STARTER_ADDRESS", "unix:path=/a");
    AddressException wrong =
        assertThrows(AddressException.class, () -> BusAddresses.starter(environment));

    assertEquals("DBUS_STARTER_BUS_TYPE=" + type, wrong.text());
    assertEquals(22, wrong.position());
    assertEquals("set it to session or system", wrong.remedy());
  }

  @Test
  @DisplayName("ADDR-48 no type is an error that names the variable")
  void noStarterType() {
    environment.set("DBUS_STARTER_ADDRESS", "unix:path=/a");

    assertEquals(
        "DBUS_STARTER_BUS_TYPE=: the variable is not set (at 22); set it to session or system",
        assertThrows(AddressException.class, () -> BusAddresses.starter(environment)).getMessage());
  }

  @Test
  @DisplayName("a malformed variable is an error that names it, with the place in its value")
  void malformedVariable() {
    environment.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/a;foo");
    AddressException wrong =
        assertThrows(AddressException.class, () -> BusAddresses.system(environment));

    assertEquals(
        "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/a;foo: no \":\" after the transport (at 40);"
            + " write transport:key=value",
        wrong.getMessage());
    assertTrue(wrong.getCause() instanceof AddressException);
  }

  @Test
  @DisplayName("ADDR-49, SEC-05 variables are read at each call, and only those that matter")
  void nothingIsKept() {
    assertEquals(List.of(), environment.read);
    environment.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/a");
    assertEquals("unix:path=/a", BusAddresses.system(environment).toString());
    environment.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/b");
    assertEquals("unix:path=/b", BusAddresses.system(environment).toString());
    assertEquals(List.of("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"), environment.read);
  }
}
