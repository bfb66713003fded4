package dbus.connection.introspection;

import java.util.List;
import java.util.Map;

/// Writes introspection data as XML. Depth is fixed and small, so a few methods that mirror the DTD
/// read better than a document tree.
final class IntrospectionXml {

  private static final String DOCTYPE =
      """
      <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
       "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
      """;

  private final StringBuilder xml = new StringBuilder(DOCTYPE);

  String node(NodeInfo node) {
    xml.append("<node>\n");
    node.interfaces().forEach(this::interfaceElement);
    for (String child : node.children()) {
      open(1, "node", child).append("/>\n");
    }
    return xml.append("</node>\n").toString();
  }

  private void interfaceElement(InterfaceInfo info) {
    open(1, "interface", info.name().value()).append(">\n");
    info.methods().forEach(this::method);
    info.signals().forEach(this::signal);
    info.properties().forEach(this::property);
    annotations(2, info.annotations());
    xml.append("  </interface>\n");
  }

  private void method(MethodInfo method) {
    open(2, "method", method.name().value());
    boolean empty =
        method.in().isEmpty() && method.out().isEmpty() && method.annotations().isEmpty();
    if (close(empty)) {
      return;
    }
    args(method.in(), " direction=\"in\"");
    args(method.out(), " direction=\"out\"");
    annotations(3, method.annotations());
    xml.append("    </method>\n");
  }

  private void signal(SignalInfo signal) {
    open(2, "signal", signal.name().value());
    if (close(signal.args().isEmpty() && signal.annotations().isEmpty())) {
      return;
    }
    args(signal.args(), "");
    annotations(3, signal.annotations());
    xml.append("    </signal>\n");
  }

  private void property(PropertyInfo property) {
    open(2, "property", property.name());
    attribute("type", property.type().toString());
    attribute("access", property.access().text());
    boolean byDefault = property.emitsChanged() == EmitsChanged.TRUE;
    if (close(byDefault && property.annotations().isEmpty())) {
      return;
    }
    if (!byDefault) {
      annotation(3, Annotations.EMITS_CHANGED, property.emitsChanged().text());
    }
    annotations(3, property.annotations());
    xml.append("    </property>\n");
  }

  private void args(List<ArgInfo> args, String direction) {
    for (ArgInfo arg : args) {
      xml.append("      <arg");
      arg.name().ifPresent(name -> attribute("name", name));
      attribute("type", arg.type().toString());
      xml.append(direction);
      if (!close(arg.annotations().isEmpty())) {
        annotations(4, arg.annotations());
        xml.append("      </arg>\n");
      }
    }
  }

  private void annotations(int depth, Map<String, String> annotations) {
    annotations.forEach((name, value) -> annotation(depth, name, value));
  }

  private void annotation(int depth, String name, String value) {
    open(depth, "annotation", name);
    attribute("value", value);
    xml.append("/>\n");
  }

  private StringBuilder open(int depth, String element, String name) {
    xml.append("  ".repeat(depth)).append('<').append(element);
    attribute("name", name);
    return xml;
  }

  /// Ends a start tag, and the element with it if it is empty; says whether it was.
  private boolean close(boolean empty) {
    xml.append(empty ? "/>\n" : ">\n");
    return empty;
  }

  private void attribute(String name, String value) {
    xml.append(' ').append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      switch (value.charAt(i)) {
        case '&' -> xml.append("&amp;");
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '"' -> xml.append("&quot;");
        // A parser turns a bare line break or tab in an attribute into a space.
        case '\n' -> xml.append("&#10;");
        case '\r' -> xml.append("&#13;");
        case '\t' -> xml.append("&#9;");
        default -> xml.append(isXml(value, i) ? value.charAt(i) : '\uFFFD');
      }
    }
    xml.append('"');
  }

  /// XML has no way to write control characters, half surrogate pairs, or U+FFFE and U+FFFF.
  private static boolean isXml(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c >= ' ' && c < '\uFFFE';
  }
}
