package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The code that the pages of the module, the package and the types show.
class DocumentedExamplesTest {

  @Test
  @DisplayName("module: an escaped path is the path")
  void module() {
    Address address = Address.parse("unix:path=/tmp/a%20b");

    assertTrue(address.equals(UnixPath.of("/tmp/a b")));
  }

  @Test
  @DisplayName("package: a server checks where it is to listen, and tells its clients")
  void server() {
    AddressList configured = AddressList.parse("unix:runtime=yes;unix:tmpdir=/tmp");
    for (Address address : configured) {
      address.checkListenable();
    }
    UnixPath socket = UnixTmpdir.of("/tmp").drawSocket();
    UnixPath forClients = socket.clientAddress(Guid.random());

    assertTrue(forClients.isConnectable());
    assertEquals(socket, forClients.withoutGuid());
  }

  @Test
  @DisplayName("package: a client finds what it has to do by the type")
  void client() {
    String whereTo =
        switch (Address.parse("tcp:host=localhost,port=4242")) {
          case UnixPath unix -> "a socket at " + unix.path().toPath();
          case Tcp tcp -> "port " + tcp.port() + " of " + tcp.hostOrDefault();
          case Address other -> throw new IllegalArgumentException("cannot connect to " + other);
        };

    assertEquals("port 4242 of localhost", whereTo);
  }

  @Test
  @DisplayName("AddressException: the message has all parts")
  void message() {
    try {
      Address.parse("tcp:host=localhost,port=65536");
    } catch (AddressException e) {
      assertEquals(
          "tcp:host=localhost,port=65536: port \"65536\" is out of range (at 24);"
              + " write 0 to 65535",
          e.getMessage());
      return;
    }
    throw new AssertionError("port 65536 was read");
  }
}
