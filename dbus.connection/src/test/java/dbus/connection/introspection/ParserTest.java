package dbus.connection.introspection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.introspection.PropertyInfo.Access;
import dbus.wire.BasicType;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The XML that a peer's `Introspect` returned.
class ParserTest {

  private static InterfaceInfo interfaceOf(String content) throws InvalidIntrospectionException {
    return NodeInfo.parse("<node><interface name='a.b'>" + content + "</interface></node>")
        .interfaces()
        .getFirst();
  }

  private static InvalidIntrospectionException refused(String xml) {
    return assertThrows(InvalidIntrospectionException.class, () -> NodeInfo.parse(xml));
  }

  @Test
  @DisplayName("INTRO-11 a document as libraries write it, with what others mix in")
  void document() throws Exception {
    NodeInfo node =
        NodeInfo.parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            <!-- by hand -->
            <node name="/a" xmlns:tp="http://telepathy.freedesktop.org/wiki/DbusSpec#extensions-v0">
              <tp:docstring>See <tp:b>the <method name="page"/></tp:b>.</tp:docstring>
              <interface name="a.b" tp:since="1">
                <method name="M"><doc:para>of M</doc:para></method>
              </interface>
              <node name="b"/>
              <node name="c"><interface name="c.d"/><node/></node>
            </node>
            """);
    assertEquals(Optional.of("/a"), node.name());
    assertEquals(List.of("b", "c"), node.childNames());
    assertTrue(
        node.findInterface(new InterfaceName("a.b"))
            .orElseThrow()
            .method(new MemberName("M"))
            .isPresent());
    NodeInfo c = node.children().get(1);
    assertEquals(new InterfaceName("c.d"), c.interfaces().getFirst().name());
    assertEquals(List.of(Optional.empty()), c.children().stream().map(NodeInfo::name).toList());
  }

  @Test
  @DisplayName("INTRO-12 an argument of a method goes in, of a signal out; names are optional")
  void defaults() throws Exception {
    InterfaceInfo info =
        interfaceOf(
            """
            <method name="M"><arg type="i"/><arg name="x" direction="out" type="a{sv}"/></method>
            <signal name="S"><arg type="s"/><arg direction="out" type="o"/></signal>
            """);
    MethodInfo method = info.method(new MemberName("M")).orElseThrow();
    assertEquals(List.of(new ArgInfo(Optional.empty(), BasicType.INT32, Map.of())), method.in());
    assertEquals(Optional.of("x"), method.out().getFirst().name());
    assertEquals("a{sv}", method.out().getFirst().type().toString());
    assertEquals(2, info.signal(new MemberName("S")).orElseThrow().args().size());
  }

  @Test
  @DisplayName("INTRO-14 annotations are kept on every element, in order, the first of a name")
  void annotations() throws Exception {
    NodeInfo node =
        NodeInfo.parse(
            """
            <node><annotation name="n" value="0"/>
            <interface name="a.b">
              <annotation name="x" value="1"><annotation name="y" value="2"/></annotation>
              <annotation name="w" value="a&lt;b&#10;"/><annotation name="x" value="3"/>
              <method name="M"><annotation name="org.freedesktop.DBus.Method.NoReply" value="true"/>
                <arg type="i"><annotation name="org.gtk.GDBus.DocString" value="A number."/></arg>
              </method>
              <signal name="S"><annotation name="org.freedesktop.DBus.Deprecated" value="true"/>
              </signal>
              <property name="P" type="i" access="read">
                <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="const"/>
              </property>
            </interface></node>
            """);
    assertEquals(Map.of("n", "0"), node.annotations());
    InterfaceInfo info = node.interfaces().getFirst();
    assertEquals("[x=1, w=a<b\n]", info.annotations().entrySet().toString());
    MethodInfo method = info.methods().getFirst();
    assertEquals(Map.of(Annotations.NO_REPLY, "true"), method.annotations());
    assertEquals(Map.of(Annotations.DOC_STRING, "A number."), method.in().getFirst().annotations());
    assertEquals(Map.of(Annotations.DEPRECATED, "true"), info.signals().getFirst().annotations());
    assertEquals(Optional.of(EmitsChanged.CONST), info.properties().getFirst().emitsChanged());
  }

  @ParameterizedTest
  @DisplayName("INTRO-21 what a property does not say its interface says, else it is true")
  @CsvSource({
    "invalidates,,INVALIDATES",
    "false,true,TRUE",
    ",const,CONST",
    ",,TRUE",
    "false,odd,FALSE"
  })
  void emitsChanged(String ofInterface, String ofProperty, EmitsChanged expected) throws Exception {
    InterfaceInfo info =
        interfaceOf(
            emits(ofInterface)
                + "<property name='P' type='i' access='readwrite'>"
                + emits(ofProperty)
                + "</property>");
    assertEquals(expected, info.emitsChanged(info.property("P").orElseThrow()));
  }

  private static String emits(String value) {
    return value == null
        ? ""
        : "<annotation name='org.freedesktop.DBus.Property.EmitsChangedSignal' value='%s'/>"
            .formatted(value);
  }

  @Test
  @DisplayName("INTRO-15 a property may have any name; interfaces and members may not")
  void names() throws Exception {
    PropertyInfo odd =
        interfaceOf("<property name='max-size é' type='t' access='write'/>")
            .properties()
            .getFirst();
    assertEquals("max-size é", odd.name());
    assertEquals(Access.WRITE, odd.access());
    refused("<node><interface name='nodot'/></node>");
    refused("<node><interface name='a.b'><method name='no-dash'/></interface></node>");
    refused("<node><interface name='a.b'><signal name=''/></interface></node>");
  }

  @ParameterizedTest
  @DisplayName("INTRO-11, INTRO-12 what is missing or wrong is an error that tells the line")
  @ValueSource(
      strings = {
        "<method/>",
        "<signal/>",
        "<property type='i' access='read'/>",
        "<property name='P' access='read'/>",
        "<property name='P' type='i'/>",
        "<property name='P' type='i' access='rw'/>",
        "<property name='P' type='ii' access='read'/>",
        "<method name='M'><arg/></method>",
        "<method name='M'><arg type=''/></method>",
        "<method name='M'><arg type='ii'/></method>",
        "<method name='M'><arg type='a'/></method>",
        "<method name='M'><arg type='i' direction='inout'/></method>",
        "<signal name='S'><arg type='i' direction='in'/></signal>",
        "<annotation name='x'/>",
        "<annotation value='x'/>",
        "<arg type='i'/>",
        "<node/>",
        "<interface name='c.d'/>",
        "<method name='M'><method name='N'/></method>",
        "<property name='P' type='i' access='read'><arg type='i'/></property>",
        "<method name='M'>",
        "</method>",
        "&nbsp;",
        "<doc>&nbsp;</doc>",
        "<method name='&nbsp;'/>",
      })
  void errors(String content) {
    InvalidIntrospectionException e =
        refused("<node>\n<interface name='a.b'>\n" + content + "</interface></node>");
    assertEquals(3, e.line(), e.getMessage());
    assertTrue(e.getMessage().startsWith("line 3: "), e.getMessage());
  }

  @ParameterizedTest
  @DisplayName("WIRE-16 a struct without fields is no type of anything that is described")
  @ValueSource(
      strings = {
        "<method name='M'><arg type='%s'/></method>",
        "<method name='M'><arg type='%s' direction='out'/></method>",
        "<signal name='S'><arg type='%s'/></signal>",
        "<property name='P' type='%s' access='read'/>",
      })
  void emptyStruct(String content) throws Exception {
    assertEquals(new InterfaceName("a.b"), interfaceOf(content.replace("%s", "(i)")).name());
    for (String type : List.of("()", "a()", "(())", "(i())", "a{s()}", "a{sa()}")) {
      InvalidIntrospectionException e =
          refused(
              "<node>\n<interface name='a.b'>"
                  + content.replace("%s", type)
                  + "</interface></node>");
      assertEquals("line 2: \"" + type + "\" is not one complete type", e.getMessage());
    }
  }

  @ParameterizedTest
  @DisplayName("INTRO-11 there is one outermost element, a node")
  @ValueSource(
      strings = {"", " ", "text", "<interface name='a.b'/>", "<node/><node/>", "<node>", "\0"})
  void oneRoot(String xml) {
    assertEquals(1, refused(xml).line());
  }

  @Test
  @DisplayName("INTRO-13, SEC-37 no document type is read, no entity is expanded or fetched")
  void noEntities() throws Exception {
    String laughs =
        """
        <!DOCTYPE node [
          <!ENTITY a "ha">
          <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
          <!ENTITY file SYSTEM "file:///etc/hostname">
          <!ATTLIST node name CDATA "by default">
        ]>
        """;
    assertEquals(Optional.empty(), NodeInfo.parse(laughs + "<node/>").name());
    assertEquals(7, refused(laughs + "<node>&b;</node>").line());
    refused(laughs + "<node name='&b;'/>");
    refused(laughs + "<node>&file;</node>");
    assertEquals(
        Optional.empty(),
        NodeInfo.parse("<!DOCTYPE node SYSTEM 'file:///nowhere/introspect.dtd'><node/>").name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        " \n%s",
        "<?xml version='1.0'?>%s",
        "<?xml version='1.0'?><!-- > <!DOCTYPE --> <?p '\"?>\n%s",
      })
  @DisplayName("INTRO-12 the document type of fcitx 4 has no blank between its two identifiers")
  void fcitx(String prolog) throws Exception {
    String type =
        "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\""
            + "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">";
    assertEquals(
        Optional.of("/inputmethod"),
        NodeInfo.parse(prolog.formatted(type) + "<node name='/inputmethod'/>").name());
    assertEquals(
        prolog.lines().count() + 1,
        refused(prolog.formatted(type) + "\n<node name='<'/>").line(),
        "the line does not change");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE node PUBLIC 'a''b'",
        "<!DOCTYPE node PUBLIC 'a''b' [<!ENTITY e 'x'>]><node>&e;</node>",
        "<!DOCTYPE node PUBLIC 'a''file:///etc/hostname' [<!ENTITY e SYSTEM 'f'>]><node>&e;</node>",
        "<!DOCTYPE node PUBLIC 'a''b''c'><node/>",
        "<!DOCTYPE node PUBLIC 'a",
        "<!-- <!DOCTYPE node PUBLIC 'a''b'>",
        "<?p <!DOCTYPE node PUBLIC 'a''b'>",
        "<!DOCTYPE ",
      })
  @DisplayName("SEC-38 what else is wrong with a document type stays wrong")
  void wrongDocumentTypes(String text) {
    refused(text);
  }

  @Test
  @DisplayName("INTRO-13 a text has a greatest length, and nodes a greatest depth")
  void limits() throws Exception {
    int max = InvalidIntrospectionException.MAX_LENGTH;
    String padded = "<node>" + " ".repeat(max - 13) + "</node>";
    assertEquals(NodeInfo.of(List.of(), List.of()), NodeInfo.parse(padded));
    refused(" " + padded);
    int depth = InvalidIntrospectionException.MAX_DEPTH;
    String deepest = "<node>".repeat(depth) + "</node>".repeat(depth);
    assertEquals(1, NodeInfo.parse(deepest).children().size());
    refused("<node>" + deepest + "</node>");
    refused("<node>" + "<x>".repeat(100_000));
  }
}
