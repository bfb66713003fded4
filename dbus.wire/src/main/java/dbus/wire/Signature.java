package dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A sequence of zero or more complete types, such as `sa{sv}`: the types of a message's body, or
/// the one type of a variant.
///
/// A signature is parsed once and then walked; equal texts usually give the same object, because a
/// cache of fixed size holds the signatures that were used lately. Signatures are immutable. At
/// most 255 bytes, 32 arrays inside each other, and 32 structs. D-Bus Specification, "Type System".
public final class Signature implements Comparable<Signature> {
  /// The longest signature, in bytes.
  public static final int MAX_LENGTH = 255;

  // Bounded, since peers choose what is in it. A slot is overwritten when two texts meet there.
  // Threads race for the slots without harm: a Signature has only final fields, so that whatever
  // object a thread finds here is whole.
  private static final @Nullable Signature[] CACHE = new Signature[1024];

  // By code, since cursors ask for every value.
  private static final byte[] ALIGNMENTS = new byte[128];
  private static final byte[] SIZES = new byte[128];

  /// The signatures of one basic type or variant, by its code: what most variants have.
  private static final @Nullable Signature[] SINGLES = new Signature[128];

  static {
    for (BasicType type : BasicType.values()) {
      ALIGNMENTS[type.code()] = (byte) type.alignment();
      SIZES[type.code()] = (byte) (type.isFixedSize() ? type.alignment() : 0);
      SINGLES[type.code()] = parse(type.toString());
    }
    ALIGNMENTS['v'] = 1;
    ALIGNMENTS['a'] = 4;
    ALIGNMENTS['('] = 8;
    ALIGNMENTS['{'] = 8;
    SINGLES['v'] = parse("v");
  }

  /// The signature of an empty body.
  public static final Signature EMPTY = parse("");

  /// The text, a 0 behind it, and then the [Singles].
  final byte[] codes;

  /// For each place in the text, the place that follows the complete type that begins there. The
  /// element of an array is followed by itself, since the next element has the same type; a closing
  /// bracket by what follows its opening bracket. So a cursor that always walks to `next` never has
  /// to look at where it is.
  final short[] next;

  /// For each place in the text where a type begins, that type.
  private final @Nullable Type[] typeAt;

  private final int length;
  private final boolean single;
  private final String text;
  private final List<Type> types;

  Signature(String text, byte[] codes, short[] next, @Nullable Type[] typeAt, List<Type> types) {
    this.text = text;
    this.length = text.length();
    this.codes = codes;
    this.next = next;
    this.typeAt = typeAt;
    this.types = types;
    this.single = types.size() == 1;
  }

  /// Reads a signature.
  ///
  /// @param text zero or more complete types
  /// @return the signature
  /// @throws InvalidSignatureException if the text is none; says what is wrong and where
  public static Signature parse(String text) {
    // Whatever is not Latin-1 becomes a question mark, which no signature contains either.
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return parse(bytes, 0, bytes.length);
  }

  /// Reads a signature from the wire.
  static Signature parse(byte[] bytes, int from, int length) {
    if (length == 1 && bytes[from] > 0) {
      Signature single = SINGLES[bytes[from]];
      if (single != null) {
        return single;
      }
    }
    int hash = 1;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ (hash >>> 10)) & (CACHE.length - 1);
    Signature found = CACHE[slot];
    if (found != null && Arrays.equals(found.codes, 0, found.length, bytes, from, from + length)) {
      return found;
    }
    // Of a copy, so that what is kept agrees with itself even if somebody changes the array.
    byte[] copy = Arrays.copyOfRange(bytes, from, from + length);
    Signature parsed = new SignatureParser(copy, 0, length).parse();
    CACHE[slot] = parsed;
    return parsed;
  }

  /// The signature of some types.
  ///
  /// @param types complete types, in order
  /// @return their signature
  /// @throws InvalidSignatureException if the text is longer than 255 bytes
  /// @throws IllegalArgumentException if one is a dict entry, which is no complete type by itself
  public static Signature of(Type... types) {
    if (types.length == 1 && types[0] instanceof BasicType one) {
      return Objects.requireNonNull(SINGLES[one.code()]);
    }
    StringBuilder text = new StringBuilder();
    for (Type type : types) {
      Nesting.requireComplete(type);
      text.append(type);
    }
    return parse(text.toString());
  }

  /// Whether a text is a signature.
  ///
  /// @param text any text
  /// @return true if [#parse(String)] accepts it
  public static boolean isValid(String text) {
    try {
      parse(text);
      return true;
    } catch (InvalidSignatureException _) {
      return false;
    }
  }

  /// The complete types, in order.
  ///
  /// @return an unmodifiable list, empty for the empty signature
  public List<Type> types() {
    return types;
  }

  /// Whether this is the empty signature.
  ///
  /// @return true if there is no type
  public boolean isEmpty() {
    return length == 0;
  }

  /// Whether there is exactly one complete type, as a variant wants it.
  ///
  /// @return true if so
  public boolean isSingle() {
    return single;
  }

  /// Whether this signature is exactly one type. Costs no allocation.
  ///
  /// @param type a complete type
  /// @return true if this is the signature of that type alone
  public boolean isExactly(Type type) {
    return isSingle() && types.getFirst().equals(type);
  }

  /// The length of the text, in bytes.
  int length() {
    return length;
  }

  /// Where in [#codes] the type stands that has only this code; 0 if there is none.
  int singleAt(byte code) {
    int offset = Singles.offset(code);
    return offset == 0 ? 0 : length + offset;
  }

  /// The type that begins at a place of the text.
  Type typeAt(int at) {
    Type type = typeAt[at];
    if (type == null) {
      throw new AssertionError("no type begins at " + at + " of " + text);
    }
    return type;
  }

  /// The boundary on which values of the type with this code begin.
  static int alignment(byte code) {
    return ALIGNMENTS[code];
  }

  /// The size of the values of the type with this code, or 0 if their sizes differ.
  static int fixedSize(byte code) {
    return SIZES[code];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Signature that && text.equals(that.text));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// Orders signatures by their text.
  ///
  /// So a map stays fast when a stranger chooses keys of one hash code (SEC-40): it looks for them
  /// by their order then.
  @Override
  public int compareTo(Signature other) {
    return text.compareTo(other.text);
  }

  /// The text of the signature.
  @Override
  public String toString() {
    return text;
  }
}
