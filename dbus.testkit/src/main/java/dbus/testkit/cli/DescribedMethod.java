package dbus.testkit.cli;

import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.InvalidIntrospectionException;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.introspection.NodeInfo;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidSignatureException;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.Signature;
import dbus.wire.SignatureMismatchException;
import dbus.wire.Type;
import java.io.IOException;
import java.time.Duration;

/// What a peer says of a method.
final class DescribedMethod {

  private static final InterfaceName INTROSPECTABLE =
      new InterfaceName("org.freedesktop.DBus.Introspectable");

  private static final MemberName INTROSPECT = new MemberName("Introspect");

  private DescribedMethod() {}

  /// Asks for the types of the arguments that a method takes.
  ///
  /// @throws NotDescribedException if the peer answers, and does not tell
  /// @throws IOException if it does not answer
  static Signature argumentTypes(DBusConnection peer, ObjectMember method, Duration limit)
      throws NotDescribedException, IOException, InterruptedException {
    try {
      MethodCall introspect = MethodCall.of(method.path(), INTROSPECTABLE, INTROSPECT);
      Body reply = peer.call(introspect, limit).body();
      MethodInfo found =
          NodeInfo.parse(reply.read(Codec.STRING))
              .findInterface(method.interfaceName())
              .flatMap(it -> it.method(method.member()))
              .orElseThrow(
                  () -> new NotDescribedException(method, "the object has no such method"));
      return Signature.of(found.in().stream().map(ArgInfo::type).toArray(Type[]::new));
    } catch (DBusErrorException e) {
      throw new NotDescribedException(method, e.getMessage());
    } catch (InvalidIntrospectionException
        | InvalidSignatureException
        | SignatureMismatchException e) {
      throw new NotDescribedException(
          method, "the reply to Introspect is wrong: " + e.getMessage());
    }
  }

  /// The peer does not tell the types.
  static final class NotDescribedException extends Exception {
    private static final long serialVersionUID = 1;

    NotDescribedException(ObjectMember method, String why) {
      super(
          "%s is not described: %s; give the types of its arguments by --signature"
              .formatted(method, why));
    }
  }
}
