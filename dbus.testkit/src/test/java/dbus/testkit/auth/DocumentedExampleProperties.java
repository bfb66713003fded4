package dbus.testkit.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The example of the package.
@Label("the example of the package works")
class DocumentedExampleProperties {

  @Property(tries = 50)
  void noLineIsAnException(
      @ForAll("lines") List<String> lines, @ForAll("splittings") Splitting cut) {
    ServerHandshake server =
        ServerHandshake.builder(Guid.random())
            .mechanisms(List.of(ServerMechanism.external()))
            .build();
    for (ByteBuffer piece : cut.pieces("\0" + String.join("\r\n", lines))) {
      server.receive(piece);
    }
    assertFalse(server.status() instanceof Authenticated);
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return AuthArbitraries.clientLines().list();
  }

  @Provide
  Arbitrary<Splitting> splittings() {
    return AuthArbitraries.splittings();
  }
}
