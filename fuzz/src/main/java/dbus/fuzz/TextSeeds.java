package dbus.fuzz;

import dbus.connection.introspection.Annotations;
import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.connection.introspection.PropertyInfo;
import dbus.connection.introspection.SignalInfo;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Signature;
import dbus.wire.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The addresses and the introspection data with which fuzzing begins.
final class TextSeeds {

  private TextSeeds() {}

  /// One of each transport, with every key, and lists of them.
  static List<byte[]> addresses() {
    return bytes(
        Stream.of(
            "unix:path=/run/user/1000/bus,guid=0123456789abcdef0123456789abcdef",
            "unix:path=../%c3%a9//s/",
            "unix:abstract=/tmp/dbus-%2a*",
            "unix:dir=/tmp;unix:tmpdir=/tmp",
            "unix:runtime=yes;unix:tmpdir=/tmp;",
            "tcp:host=localhost,bind=*,port=0,family=ipv4",
            "nonce-tcp:host=::1,port=4711,noncefile=/tmp/n,family=ipv6",
            "unixexec:path=ssh,argv0=ssh,argv1=-xT,argv2=host",
            "systemd:",
            "launchd:env=DBUS_LAUNCHD_SESSION_BUS_SOCKET",
            "autolaunch:scope=*install-path",
            "x-other:a=b,c=d%20e"));
  }

  /// Data that we write, and some as others write them.
  static List<byte[]> introspections() {
    return bytes(
        Stream.of(
            everything().toXml(),
            "<node/>",
            "<!DOCTYPE node PUBLIC '-//freedesktop//DTD D-BUS Object Introspection 1.0//EN'"
                + "'http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd'><node name='/a'/>",
            "<?xml version='1.0' encoding='UTF-8'?>\n<!-- made by hand -->\n<node>\n"
                + "<interface name='a.b'><tp:docstring>x</tp:docstring><method name='M'>"
                + "<arg type='s'/></method></interface></node>",
            "<?xml version=\"1.1\"?><node><node name='&#233;&amp;&quot;'/></node>",
            "<node><![CDATA[<x/>]]><node name='a'><node name='b'/></node></node>"));
  }

  private static NodeInfo everything() {
    Map<String, String> deprecated = Map.of(Annotations.DEPRECATED, "true");
    ArgInfo in = new ArgInfo(Optional.of("in"), type("a{sv}"), Map.of());
    ArgInfo out = new ArgInfo(Optional.empty(), type("(yai)"), deprecated);
    InterfaceInfo described =
        new InterfaceInfo(
            new InterfaceName("com.example.All1"),
            List.of(
                new MethodInfo(new MemberName("Plain"), List.of(), List.of(), Map.of()),
                new MethodInfo(new MemberName("Full"), List.of(in), List.of(out), deprecated)),
            List.of(new SignalInfo(new MemberName("Told"), List.of(in), deprecated)),
            List.of(
                new PropertyInfo(
                    "Read", type("s"), PropertyInfo.Access.READ, Map.of("a.b", "\n\t\"<&>'é")),
                new PropertyInfo("Both", type("v"), PropertyInfo.Access.READWRITE, Map.of())),
            deprecated);
    return new NodeInfo(
        Optional.of("/com/example"),
        List.of(described),
        NodeInfo.of(List.of(described), List.of("a", "b/c")).children(),
        deprecated);
  }

  private static Type type(String text) {
    return Signature.parse(text).types().getFirst();
  }

  private static List<byte[]> bytes(Stream<String> texts) {
    return texts.map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}
