package dbus.testkit.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// The reference implementation, called in this process.
///
/// libdbus ends the process when it is called wrongly, so its functions are only given what their
/// documentation allows.
@SuppressWarnings("restricted") // To call C is what it is for.
final class LibDBus {
  static final String FILE = "libdbus-1.so.3";

  private static final SymbolLookup LIBRARY = lookup();

  private static final MethodHandle BYTES_NEEDED =
      function("dbus_message_demarshal_bytes_needed", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle DEMARSHAL =
      function("dbus_message_demarshal", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);

  private LibDBus() {}

  private static SymbolLookup lookup() {
    try {
      return SymbolLookup.libraryLookup(FILE, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          FILE + " is not installed; .ci/run installs all that the tests need", e);
    }
  }

  /// `dbus_message_demarshal_bytes_needed`: the length of a message, 0 for too few bytes, −1 for
  /// bytes that do not begin a message.
  static int bytesNeeded(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) BYTES_NEEDED.invokeExact(arena.allocateFrom(JAVA_BYTE, bytes), bytes.length);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// `dbus_message_demarshal`: the message, or NULL.
  static MemorySegment demarshal(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      return (MemorySegment)
          DEMARSHAL.invokeExact(
              arena.allocateFrom(JAVA_BYTE, bytes), bytes.length, MemorySegment.NULL);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// One of the functions that say whether a text is valid. It must have no NUL.
  static Validator validator(String name) {
    MethodHandle validate = function(name, JAVA_INT, ADDRESS, ADDRESS);
    return text -> {
      try (Arena arena = Arena.ofConfined()) {
        return (int) validate.invokeExact(arena.allocateFrom(text), MemorySegment.NULL) != 0;
      } catch (Throwable e) {
        throw failed(e);
      }
    };
  }

  /// See [#validator(String)].
  @FunctionalInterface
  interface Validator {
    boolean accepts(String text);
  }

  /// A function of the library; the last layouts are those of its parameters.
  static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
    return link(name, FunctionDescriptor.of(result, parameters));
  }

  /// A function without a result.
  static MethodHandle procedure(String name, MemoryLayout... parameters) {
    return link(name, FunctionDescriptor.ofVoid(parameters));
  }

  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), descriptor);
  }

  /// The text at an address, or null at NULL.
  static String text(MemorySegment address) {
    return address.equals(MemorySegment.NULL)
        ? null
        : address.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
  }

  static IllegalStateException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}
