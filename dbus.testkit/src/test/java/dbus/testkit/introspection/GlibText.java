package dbus.testkit.introspection;

import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.connection.introspection.PropertyInfo.Access;
import java.util.List;
import java.util.Map;

/// A node told in the words of `glib-introspection.py`, line by line. Where an argument has no name
/// GDBus makes one up.
final class GlibText {

  private final StringBuilder text = new StringBuilder();

  private GlibText() {}

  static String of(NodeInfo node) {
    GlibText text = new GlibText();
    text.node(node);
    return text.text.toString();
  }

  private void line(String... words) {
    for (String word : words) {
      text.append(word.replace("\\", "\\\\").replace("\n", "\\n")).append('|');
    }
    text.append('\n');
  }

  private void node(NodeInfo node) {
    line("node", node.name().orElse("-"));
    annotations(node.annotations());
    node.interfaces().forEach(this::interfaceInfo);
    node.children().forEach(this::node);
    line("end");
  }

  private void interfaceInfo(InterfaceInfo info) {
    line("interface", info.name().value());
    annotations(info.annotations());
    info.methods()
        .forEach(method -> {
          line("method", method.name().value());
          annotations(method.annotations());
          args("in", method.in());
          args("out", method.out());
        });
    info.signals()
        .forEach(signal -> {
          line("signal", signal.name().value());
          annotations(signal.annotations());
          args("arg", signal.args());
        });
    info.properties()
        .forEach(property -> {
          Access access = property.access();
          line(
              "property",
              property.name(),
              property.type().toString(),
              (access.isReadable() ? "r" : "") + (access.isWritable() ? "w" : ""));
          annotations(property.annotations());
        });
  }

  private void args(String kind, List<ArgInfo> args) {
    for (ArgInfo arg : args) {
      String name = arg.name().filter(given -> !given.matches("arg_\\d+")).orElse("arg_");
      line(kind, name, arg.type().toString());
      annotations(arg.annotations());
    }
  }

  private void annotations(Map<String, String> annotations) {
    annotations.forEach((name, value) -> line("annotation", name, value));
  }
}
