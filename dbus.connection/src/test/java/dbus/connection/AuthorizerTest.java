package dbus.connection;

import static dbus.connection.Argument.out;
import static dbus.connection.ScriptedPeer.call;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Who may call a method is decided by what is called, and by who calls.
class AuthorizerTest {

  private static final String PATH = "/com/example/Admin";
  private static final String NAME = "com.example.Admin1";

  private final ScriptedPeer peer = new ScriptedPeer();
  private final List<String> asked = new ArrayList<>();
  private final List<String> handled = new ArrayList<>();

  private boolean mayCall(Invocation call) throws DBusErrorException {
    asked.add(call.interfaceName() + "." + call.methodInfo().name());
    return switch (call.member().value()) {
      case "Allowed" -> true;
      case "Refused" -> false;
      case "Answered" -> {
        call.fail(new ErrorName("com.example.Error.Later"), "come back later");
        yield false;
      }
      default -> throw new DBusErrorException(new ErrorName("com.example.Error.Thrown"), "no");
    };
  }

  @BeforeEach
  void serve() throws Exception {
    ObjectTree objects = new ObjectTree();
    InterfaceBuilder admin = Interface.named(NAME);
    for (String method : List.of("Allowed", "Refused", "Answered", "Thrown")) {
      admin.method(
          method,
          out("text", STRING),
          () -> {
            handled.add(method);
            return "done";
          });
    }
    var _ = objects.export(new ObjectPath(PATH), admin.authorizer(this::mayCall).build());
    peer.served().objects(objects).start();
    peer.authenticates();
  }

  private ErrorName refused() throws Exception {
    return assertInstanceOf(ErrorMessage.class, peer.receives()).errorName();
  }

  @Test
  void whatIsAllowedGoesToItsHandler() throws Exception {
    peer.sends(call(PATH, NAME, "Allowed"));
    assertEquals("done", assertInstanceOf(MethodReturn.class, peer.receives()).body().read(STRING));
    assertEquals(List.of("Allowed"), handled);
  }

  @Test
  void whatIsNotAllowedIsAnsweredOnceAndNeverHandled() throws Exception {
    peer.sends(call(PATH, NAME, "Refused"));
    assertEquals(ErrorName.ACCESS_DENIED, refused());
    peer.sends(call(PATH, NAME, "Answered"));
    assertEquals(new ErrorName("com.example.Error.Later"), refused());
    peer.sends(call(PATH, NAME, "Thrown"));
    assertEquals(new ErrorName("com.example.Error.Thrown"), refused());
    assertTrue(handled.isEmpty());
    assertTrue(peer.hasHeardAll());
  }

  @Test
  @DisplayName("SEC-01, SEC-06 it sees what the call is dispatched to, and no sender changes that")
  void withoutAnInterface() throws Exception {
    peer.sends(MethodCall.of(new ObjectPath(PATH), new MemberName("Refused")));
    assertEquals(ErrorName.ACCESS_DENIED, refused());
    peer.sends(call(PATH, NAME, "Refused").withSender(new BusName("org.freedesktop.DBus")));
    assertEquals(ErrorName.ACCESS_DENIED, refused());
    assertEquals(List.of(NAME + ".Refused", NAME + ".Refused"), asked);
  }

  @Test
  @DisplayName("CONN-21 it is not asked where the arguments are of the wrong types")
  void wrongArguments() throws Exception {
    peer.sends(call(PATH, NAME, "Allowed").withBody(Body.of(STRING, "too much")));
    assertEquals(ErrorName.INVALID_ARGS, refused());
    assertTrue(asked.isEmpty());
  }
}
