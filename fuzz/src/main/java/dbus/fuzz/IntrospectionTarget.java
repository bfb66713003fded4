package dbus.fuzz;

import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.InvalidIntrospectionException;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.wire.Signature;
import dbus.wire.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any text is introspection data, which is written and read back as the same data, or is refused
/// with a line of it.
public final class IntrospectionTarget {
  private IntrospectionTarget() {}

  /// Tries one input.
  ///
  /// @param input a text in UTF-8; what is none is replaced
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    NodeInfo node;
    try {
      node = NodeInfo.parse(text);
    } catch (InvalidIntrospectionException e) {
      Claim.isTrue(e.line() >= 1 && e.line() <= lines(text), e);
      Claim.isTrue(String.valueOf(e.getMessage()).length() < 2 * text.length() + 1000, "a message");
      return;
    }
    String written = node.toXml();
    NodeInfo again = parsed(written);
    // XML 1.1 has control characters, which we do not write.
    Claim.isTrue(written.contains("\uFFFD") || node.equals(again), "what is written is read");
    Claim.areEqual(written, again.toXml());
    check(node);
  }

  private static long lines(String text) {
    return text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
  }

  private static NodeInfo parsed(String xml) {
    try {
      return NodeInfo.parse(xml);
    } catch (InvalidIntrospectionException e) {
      throw new IllegalStateException("what was written is invalid", e);
    }
  }

  private static void check(NodeInfo node) {
    for (InterfaceInfo described : node.interfaces()) {
      for (MethodInfo method : described.methods()) {
        checkTypes(method.in().stream().map(ArgInfo::type).toList());
        checkTypes(method.out().stream().map(ArgInfo::type).toList());
      }
      described
          .signals()
          .forEach(signal -> checkTypes(signal.args().stream().map(ArgInfo::type).toList()));
      described.properties().forEach(property -> checkTypes(List.of(property.type())));
    }
    node.children().forEach(IntrospectionTarget::check);
  }

  /// WIRE-16: no type of introspection data is one that no message can have.
  private static void checkTypes(List<Type> types) {
    for (Type type : types) {
      Claim.areEqual(List.of(type), Signature.parse(type.toString()).types());
      Claim.isTrue(!type.toString().contains("()"), "no empty struct");
    }
  }
}
