package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.connection.introspection.NodeInfo;
import java.util.List;
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
        NodeInfo.of(List.of(greeter.info()), List.of())
            .toXml()
            .lines()
            .filter(line -> line.startsWith("  "))
            .map(line -> line + "\n")
            .reduce("", String::concat));
  }
}
