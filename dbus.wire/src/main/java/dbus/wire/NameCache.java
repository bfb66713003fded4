package dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Names that were received lately, so that the names which every message carries are neither made
/// nor checked anew.
///
/// Bounded, since peers choose what is in it: 256 names of at most 255 bytes. A slot is overwritten
/// when two names meet there. Threads race for the slots without harm: an entry has only final
/// fields, so that whatever entry a thread finds is whole.
final class NameCache<T> {
  static final NameCache<ObjectPath> PATHS = new NameCache<>(ObjectPath::new);
  static final NameCache<InterfaceName> INTERFACES = new NameCache<>(InterfaceName::new);
  static final NameCache<MemberName> MEMBERS = new NameCache<>(MemberName::new);
  static final NameCache<ErrorName> ERRORS = new NameCache<>(ErrorName::new);
  static final NameCache<BusName> BUS_NAMES = new NameCache<>(BusName::new);

  private static final int SLOTS = 256;

  /// One name and its bytes.
  private static final class Entry<T> {
    final byte[] text;
    final T name;

    Entry(byte[] text, T name) {
      this.text = text;
      this.name = name;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
  private final @Nullable Entry<T>[] slots = new Entry[SLOTS];

  private final Function<String, T> make;

  NameCache(Function<String, T> make) {
    this.make = make;
  }

  /// The name with these bytes, if it was received lately. Only valid names are found.
  @Nullable T find(byte[] data, int from, int length) {
    Entry<T> found = slots[slot(data, from, length)];
    return found != null && found.text.length == length && Bytes.startsWith(data, from, found.text)
        ? found.name
        : null;
  }

  /// The name with these bytes, which the decoder has found valid.
  T get(byte[] data, int from, int length) {
    T found = find(data, from, length);
    if (found != null) {
      return found;
    }
    // What is kept is made of the copy that is kept, even if somebody changes the array meanwhile.
    byte[] text = Arrays.copyOfRange(data, from, from + length);
    T name = make.apply(new String(text, StandardCharsets.ISO_8859_1));
    if (length <= NameGrammar.MAX_LENGTH) {
      slots[slot(text, 0, length)] = new Entry<>(text, name);
    }
    return name;
  }

  private static int slot(byte[] data, int from, int length) {
    // A path may be long, and is not found then whatever its slot.
    return Bytes.hash(data, from, Math.min(length, NameGrammar.MAX_LENGTH)) & (SLOTS - 1);
  }
}
