package dbus.wire;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value of any D-Bus type, as an object: for values whose types are known only when the program
/// runs. Where the types are known beforehand, a [Codec] is shorter and faster.
///
/// ```java
/// String text = switch (value) {
///   case Value.Str(String s) -> s;
///   case Value.UInt32(long n) -> Long.toString(n);
///   case Value.Variant(Value inner) -> inner.toString();
///   default -> "something else";
/// };
/// ```
///
/// Values are immutable. One that exists holds at most 64 containers inside each other, as those
/// that are received do: deeper ones cannot be made. Unsigned numbers stand in the next wider Java
/// type, so that they cannot be mistaken for signed ones. Two values are equal if their types and
/// their bytes on the wire are the same: `NaN` equals itself, and 0.0 does not equal −0.0. The
/// records are named `Value.Byte`, `Value.Double` and so on. Their `toString` is for errors and
/// logs, and shows the beginning only of what is long; [#toText()] shows all. D-Bus Specification,
/// "Type System".
@SuppressWarnings("JavaLangClash") // The terms of the specification, always written with "Value.".
public sealed interface Value {
  /// The type of this value.
  ///
  /// @return a complete type
  default Type type() {
    return Types.of(this);
  }

  /// This value as an ordinary Java object, all the way down.
  ///
  /// BYTE and UINT16 become [Integer], BOOLEAN [Boolean], INT16 [Short], INT32 and UNIX_FD
  /// [Integer], UINT32 and INT64 [Long], UINT64 [BigInteger], DOUBLE [java.lang.Double], STRING
  /// [String]; paths and signatures stay [ObjectPath] and [Signature]. An array of bytes becomes
  /// `byte[]`, every other array and every struct an unmodifiable [List], a dictionary a
  /// [LinkedHashMap][java.util.LinkedHashMap] in which the last of equal keys wins, and a variant
  /// what is in it.
  ///
  /// @return the Java object
  default Object toJava() {
    return JavaObjects.fromValue(this);
  }

  /// The value that stands for an ordinary Java object.
  ///
  /// [java.lang.Byte] becomes BYTE (its eight bits, so −1 becomes 255), [Boolean] BOOLEAN, [Short]
  /// INT16, [Integer] INT32, [Long] INT64, [BigInteger] UINT64, [Float] and [java.lang.Double]
  /// DOUBLE, [String] and the names STRING, [ObjectPath] OBJECT_PATH, [Signature] SIGNATURE. Arrays
  /// of primitives become arrays. A [List] becomes an array of its elements' type if they share
  /// one, else, also if it is empty, an array of variants. A [Map] becomes a dictionary in the same
  /// way; its keys share one basic type, and are strings if it is empty. A [Value] stays what it
  /// is.
  ///
  /// @param object the object
  /// @return its value
  /// @throws IllegalArgumentException if the object is of another class, out of range, or a string
  ///   that D-Bus cannot carry; says which
  static Value of(Object object) {
    return JavaObjects.toValue(object);
  }

  /// The value of a known type that stands for an ordinary Java object.
  ///
  /// Whole numbers of every class become the numeric type that is wanted, if they are in its range
  /// and, for DOUBLE, exact. A [String] becomes STRING, OBJECT_PATH or SIGNATURE. A [List] becomes
  /// an array or, with one element for each field, a struct, and a [Map] a dictionary. For VARIANT
  /// the type of the content is chosen as by [#of(Object)]. A [Value] of the type stays what it is.
  ///
  /// @param object the object
  /// @param type the type of the value
  /// @return the value
  /// @throws IllegalArgumentException if no value of the type stands for the object; says why
  static Value of(Object object, Type type) {
    return TypedObjects.toValue(object, type);
  }

  /// Reads a value in the GVariant text notation, as `gdbus` takes it. Where the text leaves the
  /// type open, a whole number is INT32, one with a point or an exponent DOUBLE, a text STRING.
  ///
  /// @param text such as `[('a', uint32 5), ('b', 6)]` or `{'key': <'value'>}`
  /// @return the value
  /// @throws InvalidValueTextException if the text is no value, holds more than 64 containers
  ///   inside each other, or leaves a type open that cannot be guessed, as `[]` does
  static Value parse(String text) {
    return TextValues.parse(text);
  }

  /// Reads a value of a known type in the GVariant text notation, as `gdbus` takes it.
  ///
  /// @param type the type that the value shall have
  /// @param text such as `5` or `['a', 'b']`; types in it are not needed, but must be right
  /// @return the value
  /// @throws InvalidValueTextException if the text is no value of this type, or holds more than 64
  ///   containers inside each other
  static Value parse(Type type, String text) {
    return TextValues.parse(type, text);
  }

  /// This value in the GVariant text notation, with the types that a reader could not guess: what
  /// `gdbus` prints, and what [#parse(String)] reads back, unless it holds a UNIX_FD beyond 252. Of
  /// a NaN only the sign is kept.
  ///
  /// @return one line, such as `{'key': <uint32 5>}`
  default String toText() {
    return TextPrinter.print(this);
  }

  /// `y`.
  ///
  /// @param value 0 to 255
  record Byte(int value) implements Value {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if the value is out of range
    public Byte {
      Ranges.requireByte(value);
    }
  }

  /// `b`.
  ///
  /// @param value true or false
  record Bool(boolean value) implements Value {}

  /// `n`.
  ///
  /// @param value any short
  record Int16(short value) implements Value {}

  /// `q`.
  ///
  /// @param value 0 to 65535
  record UInt16(int value) implements Value {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if the value is out of range
    public UInt16 {
      Ranges.requireUInt16(value);
    }
  }

  /// `i`.
  ///
  /// @param value any int
  record Int32(int value) implements Value {}

  /// `u`.
  ///
  /// @param value 0 to 4294967295
  record UInt32(long value) implements Value {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if the value is out of range
    public UInt32 {
      Ranges.requireUInt32(value);
    }
  }

  /// `x`.
  ///
  /// @param value any long
  record Int64(long value) implements Value {}

  /// `t`.
  ///
  /// @param value 0 to 18446744073709551615
  record UInt64(BigInteger value) implements Value {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if the value is out of range
    public UInt64 {
      Ranges.requireUInt64(value);
    }

    /// The value with the given 64 bits.
    ///
    /// @param bits the value as an unsigned long
    /// @return the value
    public static UInt64 ofBits(long bits) {
      return new UInt64(Ranges.unsigned(bits));
    }

    /// The 64 bits of the value.
    ///
    /// @return the value as an unsigned long
    public long bits() {
      return value.longValue();
    }
  }

  /// `d`. Equality is by bits.
  ///
  /// @param value any double; the payload of a NaN is kept
  record Double(double value) implements Value {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Double that
          && java.lang.Double.doubleToRawLongBits(value)
              == java.lang.Double.doubleToRawLongBits(that.value);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(java.lang.Double.doubleToRawLongBits(value));
    }
  }

  /// `s`.
  ///
  /// @param value text without U+0000 and without unpaired surrogates
  record Str(String value) implements Value {
    /// Checks the text.
    ///
    /// @throws IllegalArgumentException if D-Bus cannot carry the text
    public Str {
      Utf8.requireEncodable(value);
    }

    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }

  /// `o`.
  ///
  /// @param value a path
  record Path(ObjectPath value) implements Value {
    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }

  /// `g`.
  ///
  /// @param value zero or more complete types
  record Sig(Signature value) implements Value {}

  /// `h`. The file descriptor itself travels beside the message.
  ///
  /// A body has indices from 0 to 252 only, which is checked when it is written. A [HeaderField]
  /// that is not known may hold any 32 bits, since nobody looks there for a descriptor; so a value,
  /// and its text, may be any number of type `int`.
  ///
  /// @param index the place, from 0, among the descriptors that travel with the message
  record UnixFd(int index) implements Value {}

  /// `a…` of anything but dict entries. Elements of a fixed size are kept as their bytes: an array
  /// of a million bytes takes a million bytes.
  ///
  /// @param element the type of every element
  /// @param items the elements, unmodifiable
  record Array(Type element, List<Value> items) implements Value {
    /// Checks the elements and copies them.
    ///
    /// @throws IllegalArgumentException if an element is of another type, arrays would be nested
    ///   deeper than 32, or containers deeper than 64
    public Array {
      Nesting.requireComplete(element);
      Nesting.requireRoomForArray(element);
      items = PackedItems.copyOf(element, items);
      if (!(element instanceof BasicType)) {
        items = NestedList.of(items, Nesting.deepest(items), 1);
      }
    }

    /// An array of the given elements.
    ///
    /// @param element the type of every element
    /// @param items the elements
    /// @return the array
    /// @throws IllegalArgumentException as the constructor
    public static Array of(Type element, Value... items) {
      return new Array(element, Arrays.asList(items));
    }

    /// `ay`.
    ///
    /// @param bytes the elements, copied
    /// @return the array
    public static Array ofBytes(byte... bytes) {
      return new Array(BasicType.BYTE, PackedItems.ofBytes(bytes));
    }

    /// `an`.
    ///
    /// @param shorts the elements, copied
    /// @return the array
    public static Array ofInt16s(short... shorts) {
      return new Array(BasicType.INT16, PackedItems.ofInt16s(shorts));
    }

    /// `ai`.
    ///
    /// @param ints the elements, copied
    /// @return the array
    public static Array ofInt32s(int... ints) {
      return new Array(BasicType.INT32, PackedItems.ofInt32s(ints));
    }

    /// `ax`.
    ///
    /// @param longs the elements, copied
    /// @return the array
    public static Array ofInt64s(long... longs) {
      return new Array(BasicType.INT64, PackedItems.ofInt64s(longs));
    }

    /// `ad`.
    ///
    /// @param doubles the elements, copied
    /// @return the array
    public static Array ofDoubles(double... doubles) {
      return new Array(BasicType.DOUBLE, PackedItems.ofDoubles(doubles));
    }

    /// `as`.
    ///
    /// @param strings the elements
    /// @return the array
    /// @throws IllegalArgumentException if D-Bus cannot carry one of the texts
    public static Array ofStrings(String... strings) {
      return new Array(BasicType.STRING, Arrays.stream(strings).<Value>map(Str::new).toList());
    }

    /// The elements of an array of BYTE.
    ///
    /// @return a new array
    /// @throws IllegalStateException if the elements are of another type
    public byte[] toBytes() {
      return PackedItems.of(this, BasicType.BYTE).toBytes();
    }

    /// The elements of an array of INT16.
    ///
    /// @return a new array
    /// @throws IllegalStateException if the elements are of another type
    public short[] toInt16s() {
      return PackedItems.of(this, BasicType.INT16).toInt16s();
    }

    /// The elements of an array of INT32.
    ///
    /// @return a new array
    /// @throws IllegalStateException if the elements are of another type
    public int[] toInt32s() {
      return PackedItems.of(this, BasicType.INT32).toInt32s();
    }

    /// The elements of an array of INT64.
    ///
    /// @return a new array
    /// @throws IllegalStateException if the elements are of another type
    public long[] toInt64s() {
      return PackedItems.of(this, BasicType.INT64).toInt64s();
    }

    /// The elements of an array of DOUBLE.
    ///
    /// @return a new array
    /// @throws IllegalStateException if the elements are of another type
    public double[] toDoubles() {
      return PackedItems.of(this, BasicType.DOUBLE).toDoubles();
    }

    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }

  /// `(…)`.
  ///
  /// @param fields one or more values, in order, unmodifiable
  record Struct(List<Value> fields) implements Value {
    /// Checks that there is a field, and copies the list.
    ///
    /// @throws IllegalArgumentException if there is no field, structs would be nested deeper than
    ///   32 outside of variants, or containers deeper than 64
    public Struct {
      fields = List.copyOf(fields);
      if (fields.isEmpty()) {
        throw new IllegalArgumentException("a struct has at least one field");
      }
      fields = NestedList.ofFields(fields);
    }

    /// A struct of the given values.
    ///
    /// @param fields the values, in order
    /// @return the struct
    /// @throws IllegalArgumentException as the constructor
    public static Struct of(Value... fields) {
      return new Struct(List.of(fields));
    }

    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }

  /// `a{kv}`: a dictionary. Its order is kept, and so are keys that occur twice, which another
  /// program may have sent; to write such a dictionary is refused.
  ///
  /// @param entryType the types of key and value
  /// @param entries the entries, in order, unmodifiable
  record Dict(DictEntryType entryType, List<Entry> entries) implements Value {
    /// Checks the entries and copies the list.
    ///
    /// @throws IllegalArgumentException if a key or value is of another type, or containers would
    ///   be nested deeper than 64
    public Dict {
      Nesting.requireRoomForArray(entryType.value());
      entries = List.copyOf(entries);
      int deepest = 0;
      for (int i = 0; i < entries.size(); i++) {
        Types.requireFits(entryType.key(), entries.get(i).key(), "key", i);
        Types.requireFits(entryType.value(), entries.get(i).value(), "value", i);
        deepest = Math.max(deepest, Nesting.depth(entries.get(i).value()));
      }
      // Around a value are the dict entry and the array.
      entries = NestedList.of(entries, deepest, entries.isEmpty() ? 1 : 2);
    }

    /// A dictionary with the entries of a map, in its order.
    ///
    /// @param key the type of every key
    /// @param value the type of every value
    /// @param map the entries
    /// @return the dictionary
    /// @throws IllegalArgumentException if a key or value is of another type
    public static Dict of(BasicType key, Type value, Map<? extends Value, ? extends Value> map) {
      return new Dict(
          new DictEntryType(key, value),
          map.entrySet().stream().map(e -> new Entry(e.getKey(), e.getValue())).toList());
    }

    /// The value at a key; if the key occurs more than once, the last.
    ///
    /// @param key a key
    /// @return the value, or empty if the key does not occur
    public Optional<Value> get(Value key) {
      return entries.reversed().stream()
          .filter(entry -> entry.key().equals(key))
          .map(Entry::value)
          .findFirst();
    }

    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }

  /// One entry of a [Dict].
  ///
  /// @param key the key
  /// @param value the value
  record Entry(Value key, Value value) {}

  /// `v`: a value together with its type.
  ///
  /// @param value what is in the variant
  record Variant(Value value) implements Value {
    /// Checks the nesting.
    ///
    /// @throws IllegalArgumentException if containers would be nested deeper than 64
    public Variant {
      Nesting.requireDepth(1 + Nesting.depth(value));
    }

    @Override
    public String toString() {
      return TextPrinter.excerpt(this);
    }
  }
}
