package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.introspection.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The examples of the pages of documentation.
class DocumentedExamplesTest {

  @Test
  void anInterfaceDescribedInCode() {
    Interface greeter =
        Interface.named("com.example.Greeter1")
            .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
            .property("Version", STRING, () -> "1.0")
            .build();
    assertEquals("com.example.Greeter1", greeter.name().value());
    assertEquals(
        """
          <interface name="com.example.Greeter1">
            <method name="Greet">
              <arg name="name" type="s" direction="in"/>
              <arg name="greeting" type="s" direction="out"/>
            </method>
            <property name="Version" type="s" access="read"/>
          </interface>
        """,
        new NodeInfo(List.of(greeter.info()), List.of())
            .toXml()
            .lines()
            .filter(line -> line.startsWith("  "))
            .map(line -> line + "\n")
            .reduce("", String::concat));
  }

  @Test
  void aFilterThatPrints() throws Exception {
    ScriptedPeer peer = new ScriptedPeer();
    List<String> printed = new ArrayList<>();
    List<DBusConnection> connections = new ArrayList<>();
    DBusConnection.serverSide(peer, Guid.random())
        .policy(AuthPolicy.sameUserAs(Credentials.ofUid(ScriptedPeer.UID)))
        .onAuthenticated(connections::add)
        .start();
    peer.authenticates();
    Registration filter =
        connections
            .getFirst()
            .addFilter((message, direction) -> {
              printed.add(direction + " " + message);
              return Optional.of(message);
            });
    peer.sends(ScriptedPeer.call("/", "org.freedesktop.DBus.Peer", "Ping"));
    peer.receives();
    filter.close();
    assertEquals(
        List.of(
            "INCOMING MethodCall #1 path=\"/\" interface=\"org.freedesktop.DBus.Peer\""
                + " member=\"Ping\" [, 0 bytes]",
            "OUTGOING MethodReturn to #1 [, 0 bytes]"),
        printed);
  }
}
