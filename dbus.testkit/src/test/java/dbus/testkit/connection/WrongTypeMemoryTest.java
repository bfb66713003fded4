package dbus.testkit.connection;

import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.Interface;
import dbus.connection.SignalMatch;
import dbus.connection.transport.TransportPair;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@DisplayName("SEC-39 nothing is made of a value of another type than is asked for")
class WrongTypeMemoryTest {

  private static final String PATH = "/com/example/Note";
  private static final String NAME = "com.example.Note1";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

  /// Two million empty arrays: as objects they are many times as large.
  private static final int EMPTY_ARRAYS = 2_000_000;

  private static final long BYTES = 4L * EMPTY_ARRAYS;

  private static Body withEmptyArrays(String signature) {
    return Body.write(
        Signature.parse(signature),
        writer -> {
          if (signature.startsWith("ss")) {
            writer.writeString(NAME);
            writer.writeString("Text");
          }
          writer.beginVariant(Signature.parse("aau"));
          writer.beginArray();
          for (int i = 0; i < EMPTY_ARRAYS; i++) {
            writer.beginArray();
            writer.endArray();
          }
          writer.endArray();
          writer.endVariant();
        });
  }

  /// What has to do with one such message, and is run once before it counts.
  private static void costsLittle(Executable code) throws Throwable {
    code.execute();
    long before = allocated();
    code.execute();
    long cost = allocated() - before;
    assertTrue(cost < 10 * BYTES, cost + " bytes for a message of " + BYTES);
  }

  private static long allocated() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method total =
        Class.forName("com.sun.management.ThreadMXBean").getMethod("getTotalThreadAllocatedBytes");
    return (long) total.invoke(threads);
  }

  private static DBusConnection connected(Body ofGet) throws Exception {
    TransportPair pair = TransportPair.inMemory();
    var _ =
        DBusConnection.serverSide(pair.server(), Guid.random())
            .onAuthenticated(peer -> {
              var _ =
                  peer.export(
                      new ObjectPath(PATH),
                      Interface.named(NAME)
                          .property("Text", STRING, () -> "text", text -> {})
                          .build());
              // A peer whose property is not what it ought to be.
              var _ =
                  peer.addFilter((message, direction) ->
                      Optional.of(
                          message instanceof MethodReturn reply && !ofGet.isEmpty()
                              ? reply.withBody(ofGet)
                              : message));
              return true;
            })
            .start();
    return DBusConnection.clientSide(pair.client()).connect();
  }

  @Test
  @DisplayName("neither where a property is set")
  void set() throws Throwable {
    Body arguments = withEmptyArrays("ssv");
    try (DBusConnection client = connected(Body.EMPTY)) {
      costsLittle(() -> {
        DBusErrorException wrong =
            assertThrows(
                DBusErrorException.class, () -> client.call(PATH, PROPERTIES, "Set", arguments));
        assertEquals(ErrorName.INVALID_ARGS, wrong.errorName());
      });
    }
  }

  @Test
  @DisplayName("nor where one of a peer's is got")
  void get() throws Throwable {
    try (DBusConnection client = connected(withEmptyArrays("v"));
        var properties = client.properties(PATH, NAME)) {
      costsLittle(() -> {
        DBusErrorException wrong =
            assertThrows(DBusErrorException.class, () -> properties.get("Text", STRING));
        assertEquals(ErrorName.INVALID_ARGS, wrong.errorName());
      });
    }
  }

  @Test
  @DisplayName("nor where a signal is matched by an argument")
  void match() throws Throwable {
    Signal signal =
        Signal.of(new ObjectPath(PATH), new InterfaceName(NAME), new MemberName("Changed"))
            .withBody(withEmptyArrays("v"));
    costsLittle(() -> assertFalse(SignalMatch.all().argument(0, "text").matches(signal)));
  }
}
