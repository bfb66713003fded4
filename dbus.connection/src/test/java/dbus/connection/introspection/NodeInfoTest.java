package dbus.connection.introspection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.connection.introspection.PropertyInfo.Access;
import dbus.wire.BasicType;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The XML that `Introspect` returns.
class NodeInfoTest {

  @Test
  @DisplayName("INTRO-05, INTRO-07, INTRO-14 a node with everything in it")
  void everything() {
    var method =
        new MethodInfo(
            new MemberName("Greet"),
            List.of(ArgInfo.of("name", BasicType.STRING)),
            List.of(new ArgInfo(Optional.empty(), BasicType.STRING, Map.of())),
            Map.of(Annotations.DEPRECATED, "true"));
    var empty = new MethodInfo(new MemberName("Ping"), List.of(), List.of(), Map.of());
    var signal =
        new SignalInfo(
            new MemberName("Greeted"), List.of(ArgInfo.of("name", BasicType.STRING)), Map.of());
    var plain = new PropertyInfo("A", BasicType.INT32, Access.READWRITE, Map.of());
    var constant =
        new PropertyInfo(
            "B", BasicType.STRING, Access.READ, Map.of(Annotations.EMITS_CHANGED, "const"));
    var info =
        new InterfaceInfo(
            new InterfaceName("com.example.Greeter1"),
            List.of(method, empty),
            List.of(signal),
            List.of(plain, constant),
            Map.of());
    assertEquals(
        """
        <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
        <node>
          <interface name="com.example.Greeter1">
            <method name="Greet">
              <arg name="name" type="s" direction="in"/>
              <arg type="s" direction="out"/>
              <annotation name="org.freedesktop.DBus.Deprecated" value="true"/>
            </method>
            <method name="Ping"/>
            <signal name="Greeted">
              <arg name="name" type="s"/>
            </signal>
            <property name="A" type="i" access="readwrite"/>
            <property name="B" type="s" access="read">
              <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="const"/>
            </property>
          </interface>
          <node name="child"/>
        </node>
        """,
        NodeInfo.of(List.of(info), List.of("child")).toXml());
  }

  @Test
  @DisplayName("INTRO-10 what XML would misread is escaped")
  void escapes() {
    var info =
        new InterfaceInfo(
            new InterfaceName("a.b"),
            List.of(),
            List.of(),
            List.of(),
            Map.of("a<b", "\"x\" & y > z\n\u0001\uD83D\uDE00\uD83D"));
    String xml = NodeInfo.of(List.of(info), List.of()).toXml();
    assertEquals(
        "    <annotation name=\"a&lt;b\" value=\"&quot;x&quot; &amp; y &gt; z&#10;\uFFFD\uD83D\uDE00\uFFFD\"/>",
        xml.lines().filter(line -> line.contains("annotation")).findFirst().orElseThrow());
  }
}
