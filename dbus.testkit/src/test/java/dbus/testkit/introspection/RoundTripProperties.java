package dbus.testkit.introspection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.introspection.InvalidIntrospectionException;
import dbus.connection.introspection.NodeInfo;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// Introspection data as XML, there and back.
class RoundTripProperties {

  @Property(tries = 500)
  @Label("INTRO-10, INTRO-14 what is written is read")
  void whatIsWrittenIsRead(@ForAll("nodes") NodeInfo node) throws Exception {
    assertEquals(node, NodeInfo.parse(node.toXml()));
  }

  @Property(tries = 3000)
  @Label("INTRO-11, INTRO-13, SEC-38 any text is introspection data, or leads to its exception")
  void anyText(@ForAll("texts") String text) {
    boolean valid;
    try {
      NodeInfo node = NodeInfo.parse(text);
      assertEquals(node, NodeInfo.parse(node.toXml()));
      valid = true;
    } catch (InvalidIntrospectionException e) {
      assertTrue(e.line() >= 1 && e.line() <= text.lines().count() + 1, e.getMessage());
      valid = false;
    }
    Statistics.label("valid")
        .collect(valid)
        .coverage(seen -> {
          seen.check(true).count(n -> n > 50);
          seen.check(false).count(n -> n > 500);
        });
  }

  @Provide
  Arbitrary<NodeInfo> nodes() {
    return IntrospectionArbitraries.nodes();
  }

  @Provide
  Arbitrary<String> texts() {
    return IntrospectionTexts.texts();
  }
}
