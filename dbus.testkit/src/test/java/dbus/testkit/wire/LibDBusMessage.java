package dbus.testkit.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dbus.wire.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A message of libdbus.
@SuppressWarnings("restricted") // To call C is what it is for.
final class LibDBusMessage implements AutoCloseable {
  private static final MethodHandle UNREF = LibDBus.procedure("dbus_message_unref", ADDRESS);
  private static final MethodHandle FREE = LibDBus.procedure("dbus_free", ADDRESS);
  private static final MethodHandle MARSHAL =
      LibDBus.function("dbus_message_marshal", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle NEW_CALL =
      LibDBus.function("dbus_message_new_method_call", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SET_SERIAL =
      LibDBus.procedure("dbus_message_set_serial", ADDRESS, JAVA_INT);

  private static final Map<String, MethodHandle> NUMBERS = new TreeMap<>();
  private static final Map<String, MethodHandle> TEXTS = new TreeMap<>();

  static {
    for (String name :
        List.of(
            "type",
            "serial",
            "reply_serial",
            "no_reply",
            "auto_start",
            "allow_interactive_authorization")) {
      NUMBERS.put(name, LibDBus.function("dbus_message_get_" + name, JAVA_INT, ADDRESS));
    }
    for (String name :
        List.of(
            "path", "interface", "member", "error_name", "destination", "sender", "signature")) {
      TEXTS.put(name, LibDBus.function("dbus_message_get_" + name, ADDRESS, ADDRESS));
    }
  }

  private final MemorySegment message;

  private LibDBusMessage(MemorySegment message) {
    this.message = message;
  }

  /// The message that the bytes are, all of them, or empty.
  static Optional<LibDBusMessage> of(byte[] bytes) {
    MemorySegment message = LibDBus.demarshal(bytes);
    return message.equals(MemorySegment.NULL)
        ? Optional.empty()
        : Optional.of(new LibDBusMessage(message));
  }

  /// A call of `a` at `/` with serial 1 and these arguments, written by libdbus.
  static LibDBusMessage call(List<Value> arguments) {
    try (Arena arena = Arena.ofConfined()) {
      LibDBusMessage call =
          new LibDBusMessage(
              (MemorySegment)
                  NEW_CALL.invokeExact(
                      MemorySegment.NULL,
                      arena.allocateFrom("/"),
                      MemorySegment.NULL,
                      arena.allocateFrom("a")));
      SET_SERIAL.invokeExact(call.message, 1);
      LibDBusIterator.append(call.message, arguments);
      return call;
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  /// What libdbus calls a number or a flag.
  int number(String name) {
    try {
      return (int) NUMBERS.get(name).invokeExact(message);
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  /// What libdbus calls a text of the header.
  Optional<String> text(String name) {
    try {
      return Optional.ofNullable(
          LibDBus.text((MemorySegment) TEXTS.get(name).invokeExact(message)));
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  /// The arguments, read one by one.
  List<Value> values() {
    return LibDBusIterator.read(message);
  }

  /// How many containers stand inside each other in the arguments: more than a [Value] may hold,
  /// perhaps.
  int depth() {
    return LibDBusIterator.depth(message);
  }

  /// `dbus_message_marshal`; after [#values()] in native byte order.
  byte[] marshal() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(ADDRESS);
      MemorySegment length = arena.allocate(JAVA_INT);
      if ((int) MARSHAL.invokeExact(message, data, length) == 0) {
        throw new OutOfMemoryError("libdbus");
      }
      MemorySegment bytes = data.get(ADDRESS, 0).reinterpret(length.get(JAVA_INT, 0));
      byte[] copy = bytes.toArray(JAVA_BYTE);
      FREE.invokeExact(bytes);
      return copy;
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  @Override
  public void close() {
    try {
      UNREF.invokeExact(message);
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }
}
