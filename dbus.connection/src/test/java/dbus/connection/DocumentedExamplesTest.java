package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT64;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.listOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.connection.introspection.NodeInfo;
import dbus.wire.MemberName;
import java.io.FileInputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the pages of documentation.
class DocumentedExamplesTest {

  /// The example of [UnixFd].
  @Test
  void descriptorsAsArgumentsAndResults(@TempDir Path directory) throws Exception {
    Interface logs =
        Interface.named("com.example.Logs1")
            .method(
                "Open",
                in("name", STRING),
                out("log", UNIX_FD),
                name -> UnixFd.of(new FileInputStream(directory.resolve(name).toFile()).getFD()))
            .method(
                "Count",
                in("log", UNIX_FD),
                out("bytes", INT64),
                log -> log.inputStream().transferTo(OutputStream.nullOutputStream()))
            .build();
    assertEquals("h", logs.method(new MemberName("Open")).orElseThrow().out().toString());
    assertEquals("h", logs.method(new MemberName("Count")).orElseThrow().in().toString());
  }

  @Test
  void aPropertyIsNoDescriptor() {
    assertThrows(
        IllegalArgumentException.class, () -> Property.readOnly("Log", listOf(UNIX_FD), List::of));
  }

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
        NodeInfo.of(List.of(greeter.info()), List.of())
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
    peer.served().onAuthenticated(connections::add).start();
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
