package dbus.testkit.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dbus.wire.ArrayType;
import dbus.wire.DictEntryType;
import dbus.wire.ObjectPath;
import dbus.wire.Signature;
import dbus.wire.Type;
import dbus.wire.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// `DBusMessageIter`: reads and writes the arguments of a message of libdbus.
final class LibDBusIterator {
  /// The size of the struct, which is public and fixed.
  private static final long SIZE = 72;

  private static final MethodHandle INIT =
      LibDBus.function("dbus_message_iter_init", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle NEXT =
      LibDBus.function("dbus_message_iter_next", JAVA_INT, ADDRESS);
  private static final MethodHandle ARG_TYPE =
      LibDBus.function("dbus_message_iter_get_arg_type", JAVA_INT, ADDRESS);
  private static final MethodHandle SIGNATURE =
      LibDBus.function("dbus_message_iter_get_signature", ADDRESS, ADDRESS);
  private static final MethodHandle RECURSE =
      LibDBus.procedure("dbus_message_iter_recurse", ADDRESS, ADDRESS);
  private static final MethodHandle BASIC =
      LibDBus.procedure("dbus_message_iter_get_basic", ADDRESS, ADDRESS);
  private static final MethodHandle FREE = LibDBus.procedure("dbus_free", ADDRESS);
  private static final MethodHandle INIT_APPEND =
      LibDBus.procedure("dbus_message_iter_init_append", ADDRESS, ADDRESS);
  private static final MethodHandle APPEND_BASIC =
      LibDBus.function("dbus_message_iter_append_basic", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle OPEN =
      LibDBus.function(
          "dbus_message_iter_open_container", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle CLOSE =
      LibDBus.function("dbus_message_iter_close_container", JAVA_INT, ADDRESS, ADDRESS);

  private final Arena arena;
  private final MemorySegment iterator;

  private LibDBusIterator(Arena arena) {
    this.arena = arena;
    this.iterator = arena.allocate(SIZE, 8);
  }

  /// The arguments of a message.
  static List<Value> read(MemorySegment message) {
    try (Arena arena = Arena.ofConfined()) {
      LibDBusIterator arguments = new LibDBusIterator(arena);
      // The result says whether there are any, which the first type says as well.
      int _ = (int) INIT.invokeExact(message, arguments.iterator);
      return arguments.rest();
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  /// How many containers stand inside each other in the arguments of a message.
  static int depth(MemorySegment message) {
    try (Arena arena = Arena.ofConfined()) {
      LibDBusIterator arguments = new LibDBusIterator(arena);
      int _ = (int) INIT.invokeExact(message, arguments.iterator);
      return arguments.deepest();
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  /// Writes the arguments of a message.
  static void append(MemorySegment message, List<Value> values) {
    try (Arena arena = Arena.ofConfined()) {
      LibDBusIterator arguments = new LibDBusIterator(arena);
      INIT_APPEND.invokeExact(message, arguments.iterator);
      for (Value value : values) {
        arguments.append(value);
      }
    } catch (Throwable e) {
      throw LibDBus.failed(e);
    }
  }

  private List<Value> rest() throws Throwable {
    List<Value> values = new ArrayList<>();
    while (argType() != 0) {
      values.add(value());
      int _ = (int) NEXT.invokeExact(iterator);
    }
    return values;
  }

  private int deepest() throws Throwable {
    int most = 0;
    for (int type = argType(); type != 0; type = argType()) {
      // A dict entry is `e` here.
      boolean container = type == 'v' || type == 'r' || type == 'a' || type == 'e';
      most = Math.max(most, container ? 1 + recurse().deepest() : 0);
      int _ = (int) NEXT.invokeExact(iterator);
    }
    return most;
  }

  private int argType() throws Throwable {
    return (int) ARG_TYPE.invokeExact(iterator);
  }

  private LibDBusIterator recurse() throws Throwable {
    LibDBusIterator inner = new LibDBusIterator(arena);
    RECURSE.invokeExact(iterator, inner.iterator);
    return inner;
  }

  private Type type() throws Throwable {
    MemorySegment text = (MemorySegment) SIGNATURE.invokeExact(iterator);
    Type type = Signature.parse(LibDBus.text(text)).types().getFirst();
    FREE.invokeExact(text);
    return type;
  }

  private Value value() throws Throwable {
    int type = argType();
    return switch (type) {
      case 'v' -> new Value.Variant(recurse().value());
      case 'r' -> new Value.Struct(recurse().rest());
      case 'a' -> array(((ArrayType) type()).element());
      default -> basic(type);
    };
  }

  private Value array(Type element) throws Throwable {
    LibDBusIterator items = recurse();
    if (!(element instanceof DictEntryType entryType)) {
      return new Value.Array(element, items.rest());
    }
    List<Value.Entry> entries = new ArrayList<>();
    while (items.argType() != 0) {
      List<Value> entry = items.recurse().rest();
      entries.add(new Value.Entry(entry.getFirst(), entry.getLast()));
      int _ = (int) NEXT.invokeExact(items.iterator);
    }
    return new Value.Dict(entryType, entries);
  }

  private Value basic(int type) throws Throwable {
    MemorySegment at = arena.allocate(8, 8);
    BASIC.invokeExact(iterator, at);
    return switch (type) {
      case 'y' -> new Value.Byte(at.get(JAVA_BYTE, 0) & 0xff);
      case 'b' -> new Value.Bool(at.get(JAVA_INT, 0) != 0);
      case 'n' -> new Value.Int16(at.get(JAVA_SHORT, 0));
      case 'q' -> new Value.UInt16(at.get(JAVA_SHORT, 0) & 0xffff);
      case 'i' -> new Value.Int32(at.get(JAVA_INT, 0));
      case 'u' -> new Value.UInt32(at.get(JAVA_INT, 0) & 0xffff_ffffL);
      case 'x' -> new Value.Int64(at.get(JAVA_LONG, 0));
      case 't' -> Value.UInt64.ofBits(at.get(JAVA_LONG, 0));
      // As 64 bits, for some processors change a NaN that passes through a register.
      case 'd' -> new Value.Double(Double.longBitsToDouble(at.get(JAVA_LONG, 0)));
      case 's' -> new Value.Str(LibDBus.text(at.get(ADDRESS, 0)));
      case 'o' -> new Value.Path(new ObjectPath(LibDBus.text(at.get(ADDRESS, 0))));
      case 'g' -> new Value.Sig(Signature.parse(LibDBus.text(at.get(ADDRESS, 0))));
      default -> throw new IllegalStateException("type " + (char) type);
    };
  }

  private void append(Value value) throws Throwable {
    switch (value) {
      case Value.Variant(Value content) ->
          container('v', content.type().toString(), List.of(content));
      case Value.Struct(List<Value> fields) -> container('r', null, fields);
      case Value.Array array -> container('a', array.element().toString(), array.items());
      case Value.Dict dict -> {
        LibDBusIterator entries = open('a', dict.entryType().toString());
        for (Value.Entry entry : dict.entries()) {
          entries.container('e', null, List.of(entry.key(), entry.value()));
        }
        close(entries);
      }
      default ->
          require(
              (int) APPEND_BASIC.invokeExact(iterator, (int) value.type().code(), bytes(value)));
    }
  }

  private MemorySegment bytes(Value basic) {
    return switch (basic) {
      case Value.Byte(int v) -> arena.allocateFrom(JAVA_BYTE, (byte) v);
      case Value.Bool(boolean v) -> arena.allocateFrom(JAVA_INT, v ? 1 : 0);
      case Value.Int16(short v) -> arena.allocateFrom(JAVA_SHORT, v);
      case Value.UInt16(int v) -> arena.allocateFrom(JAVA_SHORT, (short) v);
      case Value.Int32(int v) -> arena.allocateFrom(JAVA_INT, v);
      case Value.UInt32(long v) -> arena.allocateFrom(JAVA_INT, (int) v);
      case Value.Int64(long v) -> arena.allocateFrom(JAVA_LONG, v);
      case Value.UInt64 v -> arena.allocateFrom(JAVA_LONG, v.bits());
      case Value.Double(double v) -> arena.allocateFrom(JAVA_LONG, Double.doubleToRawLongBits(v));
      case Value.Str(String v) -> arena.allocateFrom(ADDRESS, arena.allocateFrom(v));
      case Value.Path(ObjectPath v) -> arena.allocateFrom(ADDRESS, arena.allocateFrom(v.value()));
      case Value.Sig(Signature v) -> arena.allocateFrom(ADDRESS, arena.allocateFrom(v.toString()));
      default -> throw new IllegalArgumentException("cannot be appended: " + basic);
    };
  }

  private void container(char type, String contents, List<Value> values) throws Throwable {
    LibDBusIterator inner = open(type, contents);
    for (Value value : values) {
      inner.append(value);
    }
    close(inner);
  }

  private LibDBusIterator open(char type, String contents) throws Throwable {
    LibDBusIterator inner = new LibDBusIterator(arena);
    MemorySegment signature = contents == null ? MemorySegment.NULL : arena.allocateFrom(contents);
    require((int) OPEN.invokeExact(iterator, (int) type, signature, inner.iterator));
    return inner;
  }

  private void close(LibDBusIterator inner) throws Throwable {
    require((int) CLOSE.invokeExact(iterator, inner.iterator));
  }

  private static void require(int success) {
    if (success == 0) {
      throw new OutOfMemoryError("libdbus");
    }
  }
}
