package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;

import dbus.wire.Body;
import java.util.List;

/// `org.freedesktop.DBus.Introspectable`. D-Bus Specification, "Standard Interfaces".
final class IntrospectableInterface {

  static final Interface INTERFACE =
      Interface.named("org.freedesktop.DBus.Introspectable")
          .method(
              "Introspect",
              List.of(),
              List.of(out("xml_data", STRING)),
              call -> call.reply(Body.of(STRING, call.objects().describe(call.path()).toXml())))
          .build();

  private IntrospectableInterface() {}
}
