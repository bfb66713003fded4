package dbus.connection.introspection;

import java.util.List;
import java.util.Map;

/// Writes introspection data as XML: a few methods that mirror the DTD.
final class IntrospectionXml {

  private static final String DOCTYPE =
      """
      <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
       "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
      """;

  private final StringBuilder xml = new StringBuilder();
  private int depth;

  String document(NodeInfo node) {
    xml.append(DOCTYPE);
    node(node);
    return xml.toString();
  }

  String fragment(InterfaceInfo info) {
    interfaceElement(info);
    return xml.toString();
  }

  private void node(NodeInfo node) {
    indent().append("<node");
    node.name().ifPresent(name -> attribute("name", name));
    boolean leaf = depth > 0 && node.interfaces().isEmpty() && node.children().isEmpty();
    if (close(leaf && node.annotations().isEmpty())) {
      return;
    }
    inside(() -> {
      node.interfaces().forEach(this::interfaceElement);
      node.children().forEach(this::node);
      annotations(node.annotations());
    });
    end("node");
  }

  private void interfaceElement(InterfaceInfo info) {
    open("interface", info.name().value()).append(">\n");
    inside(() -> {
      info.methods().forEach(this::method);
      info.signals().forEach(this::signal);
      info.properties().forEach(this::property);
      annotations(info.annotations());
    });
    end("interface");
  }

  private void method(MethodInfo method) {
    open("method", method.name().value());
    boolean empty =
        method.in().isEmpty() && method.out().isEmpty() && method.annotations().isEmpty();
    if (close(empty)) {
      return;
    }
    inside(() -> {
      args(method.in(), " direction=\"in\"");
      args(method.out(), " direction=\"out\"");
      annotations(method.annotations());
    });
    end("method");
  }

  private void signal(SignalInfo signal) {
    open("signal", signal.name().value());
    if (close(signal.args().isEmpty() && signal.annotations().isEmpty())) {
      return;
    }
    inside(() -> {
      args(signal.args(), "");
      annotations(signal.annotations());
    });
    end("signal");
  }

  private void property(PropertyInfo property) {
    open("property", property.name());
    attribute("type", property.type().toString());
    attribute("access", property.access().text());
    if (!close(property.annotations().isEmpty())) {
      inside(() -> annotations(property.annotations()));
      end("property");
    }
  }

  private void args(List<ArgInfo> args, String direction) {
    for (ArgInfo arg : args) {
      indent().append("<arg");
      arg.name().ifPresent(name -> attribute("name", name));
      attribute("type", arg.type().toString());
      xml.append(direction);
      if (!close(arg.annotations().isEmpty())) {
        inside(() -> annotations(arg.annotations()));
        end("arg");
      }
    }
  }

  private void annotations(Map<String, String> annotations) {
    annotations.forEach((name, value) -> {
      open("annotation", name);
      attribute("value", value);
      xml.append("/>\n");
    });
  }

  private StringBuilder indent() {
    return xml.append("  ".repeat(depth));
  }

  private void inside(Runnable content) {
    depth++;
    content.run();
    depth--;
  }

  private StringBuilder open(String element, String name) {
    indent().append('<').append(element);
    attribute("name", name);
    return xml;
  }

  private void end(String element) {
    indent().append("</").append(element).append(">\n");
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
