package dbus.testkit.introspection;

import dbus.connection.introspection.NodeInfo;
import dbus.testkit.wire.Known;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Generators of texts that may or may not be introspection data.
public final class IntrospectionTexts {

  /// Pieces that stand where they belong only by chance.
  private static final List<String> PIECES =
      List.of(
          "<node>",
          "</node>",
          "<node/>",
          "<node name='a'>",
          "<interface name='a.b'>",
          "</interface>",
          "<method name='M'>",
          "</method>",
          "<signal name='S'>",
          "</signal>",
          "<property name='P' type='i' access='read'/>",
          "<arg type='a{sv}' direction='out'/>",
          "<arg/>",
          "<annotation name='n' value='v'/>",
          "<!DOCTYPE node [<!ENTITY e 'x'>]>",
          "<!DOCTYPE node [",
          "]>",
          "<?xml version='1.0'?>",
          "<?p i?>",
          "<!--",
          "-->",
          "<![CDATA[",
          "]]>",
          "&e;",
          "&#0;",
          "&#x10FFFF;",
          "&amp;",
          "<",
          ">",
          "'",
          "\"",
          "\0",
          "\uD83D",
          "\uFFFE",
          " ",
          "\n");

  private static final Arbitrary<String> DAMAGED =
      Known.of(
          Combinators.combine(
                  IntrospectionArbitraries.nodes(),
                  Arbitraries.doubles().between(0, 1),
                  Arbitraries.integers().between(0, 12),
                  Arbitraries.of(PIECES))
              .as(IntrospectionTexts::damaged));
  private static final Arbitrary<String> HEAPS =
      Known.of(
          Arbitraries.of(PIECES)
              .list()
              .ofMaxSize(10)
              .map(pieces -> "<node>" + String.join("", pieces) + "</node>"));

  private IntrospectionTexts() {}

  /// Valid texts with a few characters or pieces replaced, removed or put in, and heaps of pieces.
  public static Arbitrary<String> texts() {
    return Arbitraries.oneOf(DAMAGED, HEAPS);
  }

  private static String damaged(NodeInfo node, double where, int gone, String piece) {
    String xml = node.toXml();
    int from = (int) (where * xml.length());
    int to = Math.min(from + gone, xml.length());
    return xml.substring(0, from) + piece + xml.substring(to);
  }
}
