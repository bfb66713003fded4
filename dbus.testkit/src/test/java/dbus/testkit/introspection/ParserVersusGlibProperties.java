package dbus.testkit.introspection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.connection.introspection.InvalidIntrospectionException;
import dbus.connection.introspection.NodeInfo;
import dbus.testkit.glib.GlibProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// GDBus reads what this library writes, and the other way round.
@AddLifecycleHook(NeedsGlib.class)
class ParserVersusGlibProperties {

  private static final String REFUSED = "refused";

  private static GlibProcess glib;

  @BeforeContainer
  static void startGlib() {
    glib = GlibProcess.start(ParserVersusGlibProperties.class, "glib-introspection.py");
  }

  @AfterContainer
  static void stopGlib() throws IOException {
    // It is missing if it could not be started; that error is the one to report.
    if (glib != null) {
      glib.close();
    }
  }

  @Property(tries = 300)
  @Label("INTRO-10, INTRO-11 GDBus understands every node as it was meant")
  void understoodByGlib(@ForAll("nodes") NodeInfo node) {
    assertEquals(GlibText.of(node), askGlib("describe", node.toXml()));
  }

  @Property(tries = 300)
  @Label("INTRO-11, INTRO-12 what GDBus writes is read as it was meant")
  void writtenByGlib(@ForAll("nodes") NodeInfo node) throws Exception {
    // GDBus does not escape everywhere what must be escaped in an attribute.
    String unescaped = node.toXml().replaceAll("&(#\\d+|amp|lt|gt|quot);", " ");
    NodeInfo plain = NodeInfo.parse(unescaped);
    String xml = askGlib("generate", plain.toXml());
    assertEquals(GlibText.of(plain), GlibText.of(NodeInfo.parse(xml)), xml);
  }

  @Example
  @Label("INTRO-11 both refuse the same")
  void refusals() {
    for (String xml :
        new String[] {
          "",
          "<interface name='a.b'/>",
          "<node/><node/>",
          "<node><method name='M'/></node>",
          "<node><interface/></node>",
          "<node><interface name='a.b'><method/></interface></node>",
          "<node><interface name='a.b'><arg type='i'/></interface></node>",
          "<node><interface name='a.b'><property name='P' type='i'/></interface></node>",
          "<node><interface name='a.b'><property name='P' access='read'/></interface></node>",
          "<node><interface name='a.b'><property name='P' type='i' access='x'/></interface></node>",
          "<node><interface name='a.b'><method name='M'><arg/></method></interface></node>",
          "<node><interface name='a.b'><signal name='S'><arg type='i' direction='in'/></signal>"
              + "</interface></node>",
          "<node><interface name='a.b'><annotation name='n'/></interface></node>",
          "<node>&e;</node>",
          "<node>",
        }) {
      assertEquals(REFUSED, askGlib("describe", xml), xml);
      assertEquals(REFUSED, ours(xml), xml);
    }
  }

  @Example
  @Label("INTRO-11, INTRO-12 both accept the same")
  void accepted() {
    for (String xml :
        new String[] {
          "<node/>",
          "<!DOCTYPE node PUBLIC \"-//a//b\"\"http://c/d.dtd\"><node/>", // fcitx 4
          "<node><!-- c --><tp:doc><method name='x'/></tp:doc>text</node>",
          "<node name='/a'><node name='b'><interface name='a.b'/></node><node/></node>",
          "<node><interface name='a.b'><method name='M'><arg type='i'/><arg type='s'"
              + " direction='out'/></method><signal name='S'><arg type='ay'/></signal>"
              + "<property name='p-q' type='a{sv}' access='readwrite'/></interface></node>",
          "<node><annotation name='a' value='b'><annotation name='c' value='d'/></annotation>"
              + "</node>",
        }) {
      assertEquals(askGlib("describe", xml), ours(xml), xml);
    }
  }

  private static String ours(String xml) {
    try {
      return GlibText.of(NodeInfo.parse(xml));
    } catch (InvalidIntrospectionException _) {
      return REFUSED;
    }
  }

  private static String askGlib(String question, String xml) {
    HexFormat hex = HexFormat.of();
    String answer = glib.ask(question + " " + hex.formatHex(xml.getBytes(StandardCharsets.UTF_8)));
    return answer.equals(REFUSED)
        ? answer
        : new String(hex.parseHex(answer), StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<NodeInfo> nodes() {
    return IntrospectionArbitraries.nodes();
  }
}
