package dbus.wire;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How one Java type stands for one D-Bus type.
///
/// A codec reads and writes with the cursors directly, with no [Value] in between. Codecs for the
/// basic types are constants; others are put together from them:
///
/// ```java
/// record Point(int x, int y) {}
///
/// static final Codec<Point> POINT = Codec.struct(INT32, INT32, Point::new, Point::x, Point::y);
/// static final Codec<Map<String, List<Point>>> SHAPES = mapOf(STRING, listOf(POINT)); // a{sa(ii)}
///
/// Body body = Body.of(SHAPES, Map.of("line", List.of(new Point(0, 0), new Point(1, 1))));
/// ```
///
/// Codecs have no state and may be shared by all threads. To write an object that D-Bus cannot
/// carry is an [IllegalArgumentException] that names the value and the range.
///
/// @param <T> the Java type
// The codecs of this package are only reached through this interface, so that its initialization
// always begins here.
@SuppressWarnings("ClassInitializationDeadlock")
public interface Codec<T> {
  /// `y` as an Integer from 0 to 255.
  Codec<Integer> BYTE = CursorCodec.of(BasicType.BYTE, WireReader::readByte, WireWriter::writeByte);

  /// `b`.
  Codec<Boolean> BOOLEAN =
      CursorCodec.of(BasicType.BOOLEAN, WireReader::readBoolean, WireWriter::writeBoolean);

  /// `n`.
  Codec<Short> INT16 =
      CursorCodec.of(BasicType.INT16, WireReader::readInt16, WireWriter::writeInt16);

  /// `q` as an Integer from 0 to 65535.
  Codec<Integer> UINT16 =
      CursorCodec.of(BasicType.UINT16, WireReader::readUInt16, WireWriter::writeUInt16);

  /// `i`.
  Codec<Integer> INT32 =
      CursorCodec.of(BasicType.INT32, WireReader::readInt32, WireWriter::writeInt32);

  /// `u` as a Long from 0 to 4294967295.
  Codec<Long> UINT32 =
      CursorCodec.of(BasicType.UINT32, WireReader::readUInt32, WireWriter::writeUInt32);

  /// `x`.
  Codec<Long> INT64 =
      CursorCodec.of(BasicType.INT64, WireReader::readInt64, WireWriter::writeInt64);

  /// `t` from 0 to 18446744073709551615.
  Codec<BigInteger> UINT64 =
      CursorCodec.of(BasicType.UINT64, WireReader::readUInt64, WireWriter::writeUInt64);

  /// `d`.
  Codec<Double> DOUBLE =
      CursorCodec.of(BasicType.DOUBLE, WireReader::readDouble, WireWriter::writeDouble);

  /// `s`, text without U+0000 and without unpaired surrogates.
  Codec<String> STRING =
      CursorCodec.of(BasicType.STRING, WireReader::readString, WireWriter::writeString);

  /// `o`.
  Codec<ObjectPath> OBJECT_PATH =
      CursorCodec.of(
          BasicType.OBJECT_PATH, WireReader::readObjectPath, WireWriter::writeObjectPath);

  /// `g`.
  Codec<Signature> SIGNATURE =
      CursorCodec.of(BasicType.SIGNATURE, WireReader::readSignature, WireWriter::writeSignature);

  /// `h` as the index, 0 to 252, of a file descriptor that travels with the message. The codec for
  /// the descriptor itself is in `dbus.connection`, `UnixFd.UNIX_FD`.
  Codec<Integer> UNIX_FD_INDEX =
      CursorCodec.of(BasicType.UNIX_FD, WireReader::readUnixFd, WireWriter::writeUnixFd);

  /// `v` as the value that is in the variant.
  Codec<Value> VARIANT =
      CursorCodec.of(
          VariantType.VARIANT,
          ValueReader::readVariant,
          (writer, value) -> writer.writeValue(new Value.Variant(value)));

  /// `ay`.
  Codec<byte[]> BYTES =
      CursorCodec.of(
          new ArrayType(BasicType.BYTE), WireReader::readByteArray, WireWriter::writeByteArray);

  /// `an`.
  Codec<short[]> INT16_ARRAY =
      CursorCodec.of(
          new ArrayType(BasicType.INT16), WireReader::readInt16Array, WireWriter::writeInt16Array);

  /// `ai`.
  Codec<int[]> INT32_ARRAY =
      CursorCodec.of(
          new ArrayType(BasicType.INT32), WireReader::readInt32Array, WireWriter::writeInt32Array);

  /// `ax`.
  Codec<long[]> INT64_ARRAY =
      CursorCodec.of(
          new ArrayType(BasicType.INT64), WireReader::readInt64Array, WireWriter::writeInt64Array);

  /// `ad`.
  Codec<double[]> DOUBLE_ARRAY =
      CursorCodec.of(
          new ArrayType(BasicType.DOUBLE),
          WireReader::readDoubleArray,
          WireWriter::writeDoubleArray);

  /// The D-Bus type.
  ///
  /// @return a complete type
  Type type();

  /// Reads one value.
  ///
  /// @param reader a cursor at a value of this codec's type; afterwards behind it
  /// @return the Java object
  /// @throws IllegalStateException if the cursor is at another type
  T read(WireReader reader);

  /// Writes one value.
  ///
  /// @param writer a cursor whose signature has this codec's type next; afterwards behind it
  /// @param value the Java object
  /// @throws IllegalArgumentException if D-Bus cannot carry the object
  /// @throws IllegalStateException if the signature has another type next
  void write(WireWriter writer, T value);

  /// The same D-Bus type as another Java type.
  ///
  /// @param to makes the other type from this one, on reading
  /// @param from makes this one from the other type, on writing
  /// @param <U> the other Java type
  /// @return a codec for the other type
  default <U> Codec<U> xmap(
      Function<? super T, ? extends U> to, Function<? super U, ? extends T> from) {
    return CursorCodec.of(
        type(),
        reader -> to.apply(read(reader)),
        (writer, value) -> write(writer, from.apply(value)));
  }

  /// An array.
  ///
  /// @param element the codec of each element
  /// @param <E> the Java type of each element
  /// @return a codec for lists, which are unmodifiable when read
  static <E> Codec<List<E>> listOf(Codec<E> element) {
    return new ListCodec<>(new ArrayType(element.type()), element);
  }

  /// A dictionary. The order of the entries is kept in both directions. If a peer sent a key twice,
  /// the last value wins.
  ///
  /// A peer may choose keys that all have the same hash code. The map is as fast with them as with
  /// others if the Java type of its keys is [Comparable], as those of all codecs here are; a key of
  /// another type, made with [#xmap], ought to be it too.
  ///
  /// @param key the codec of each key; its type is basic
  /// @param value the codec of each value
  /// @param <K> the Java type of each key
  /// @param <V> the Java type of each value
  /// @return a codec for maps, which are unmodifiable when read
  /// @throws IllegalArgumentException if the type of the key is not basic
  static <K, V> Codec<Map<K, V>> mapOf(Codec<K> key, Codec<V> value) {
    if (key.type() instanceof BasicType basic) {
      return new MapCodec<>(new ArrayType(new DictEntryType(basic, value.type())), key, value);
    }
    throw new IllegalArgumentException(
        "the key of a dictionary is of a basic type, not " + key.type());
  }

  /// A struct of one field.
  ///
  /// @param a the codec of the field
  /// @param make makes the object of its field, on reading
  /// @param getA the field of an object, on writing
  /// @param <A> the Java type of the field
  /// @param <T> the Java type of the struct, usually a record
  /// @return a codec for the struct
  static <A, T> Codec<T> struct(Codec<A> a, Function<A, T> make, Function<T, A> getA) {
    return StructCodecs.of(a, make, getA);
  }

  /// A struct of two fields.
  ///
  /// @param a the codec of the first field, and so on
  /// @param b of the second
  /// @param make makes the object of its fields, on reading
  /// @param getA the first field of an object, on writing, and so on
  /// @param getB the second
  /// @param <A> the Java type of the first field, and so on
  /// @param <B> of the second
  /// @param <T> the Java type of the struct, usually a record
  /// @return a codec for the struct
  static <A, B, T> Codec<T> struct(
      Codec<A> a, Codec<B> b, BiFunction<A, B, T> make, Function<T, A> getA, Function<T, B> getB) {
    return StructCodecs.of(a, b, make, getA, getB);
  }

  /// A struct of three fields; as the one of two.
  ///
  /// @param a the codec of the first field
  /// @param b the codec of the second field
  /// @param c the codec of the third field
  /// @param make makes the object of its fields, on reading
  /// @param getA the first field of an object, on writing
  /// @param getB the second field of an object, on writing
  /// @param getC the third field of an object, on writing
  /// @param <A> the Java type of the first field
  /// @param <B> the Java type of the second field
  /// @param <C> the Java type of the third field
  /// @param <T> the Java type of the struct
  /// @return a codec for the struct
  static <A, B, C, T> Codec<T> struct(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Function3<A, B, C, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC) {
    return StructCodecs.of(a, b, c, make, getA, getB, getC);
  }

  /// A struct of four fields; as the one of two.
  ///
  /// @param a the codec of the first field
  /// @param b the codec of the second field
  /// @param c the codec of the third field
  /// @param d the codec of the fourth field
  /// @param make makes the object of its fields, on reading
  /// @param getA the first field of an object, on writing
  /// @param getB the second field of an object, on writing
  /// @param getC the third field of an object, on writing
  /// @param getD the fourth field of an object, on writing
  /// @param <A> the Java type of the first field
  /// @param <B> the Java type of the second field
  /// @param <C> the Java type of the third field
  /// @param <D> the Java type of the fourth field
  /// @param <T> the Java type of the struct
  /// @return a codec for the struct
  static <A, B, C, D, T> Codec<T> struct(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Function4<A, B, C, D, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD) {
    return StructCodecs.of(a, b, c, d, make, getA, getB, getC, getD);
  }

  /// A struct of five fields; as the one of two.
  ///
  /// @param a the codec of the first field
  /// @param b the codec of the second field
  /// @param c the codec of the third field
  /// @param d the codec of the fourth field
  /// @param e the codec of the fifth field
  /// @param make makes the object of its fields, on reading
  /// @param getA the first field of an object, on writing
  /// @param getB the second field of an object, on writing
  /// @param getC the third field of an object, on writing
  /// @param getD the fourth field of an object, on writing
  /// @param getE the fifth field of an object, on writing
  /// @param <A> the Java type of the first field
  /// @param <B> the Java type of the second field
  /// @param <C> the Java type of the third field
  /// @param <D> the Java type of the fourth field
  /// @param <E> the Java type of the fifth field
  /// @param <T> the Java type of the struct
  /// @return a codec for the struct
  static <A, B, C, D, E, T> Codec<T> struct(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Codec<E> e,
      Function5<A, B, C, D, E, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD,
      Function<T, E> getE) {
    return StructCodecs.of(a, b, c, d, e, make, getA, getB, getC, getD, getE);
  }

  /// A struct of six fields; as the one of two.
  ///
  /// @param a the codec of the first field
  /// @param b the codec of the second field
  /// @param c the codec of the third field
  /// @param d the codec of the fourth field
  /// @param e the codec of the fifth field
  /// @param f the codec of the sixth field
  /// @param make makes the object of its fields, on reading
  /// @param getA the first field of an object, on writing
  /// @param getB the second field of an object, on writing
  /// @param getC the third field of an object, on writing
  /// @param getD the fourth field of an object, on writing
  /// @param getE the fifth field of an object, on writing
  /// @param getF the sixth field of an object, on writing
  /// @param <A> the Java type of the first field
  /// @param <B> the Java type of the second field
  /// @param <C> the Java type of the third field
  /// @param <D> the Java type of the fourth field
  /// @param <E> the Java type of the fifth field
  /// @param <F> the Java type of the sixth field
  /// @param <T> the Java type of the struct
  /// @return a codec for the struct
  static <A, B, C, D, E, F, T> Codec<T> struct(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Codec<E> e,
      Codec<F> f,
      Function6<A, B, C, D, E, F, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD,
      Function<T, E> getE,
      Function<T, F> getF) {
    return StructCodecs.of(a, b, c, d, e, f, make, getA, getB, getC, getD, getE, getF);
  }

  /// A struct of any number of fields, for those that have more than six.
  ///
  /// ```java
  /// record Unit(String name, String description, int jobs, ObjectPath path) {}
  ///
  /// static final Codec<Unit> UNIT =
  ///     Codec.struct(
  ///         fields -> {
  ///           var name = fields.add(STRING, Unit::name);
  ///           var description = fields.add(STRING, Unit::description);
  ///           var jobs = fields.add(INT32, Unit::jobs);
  ///           var path = fields.add(OBJECT_PATH, Unit::path);
  ///           return its ->
  ///               new Unit(its.get(name), its.get(description), its.get(jobs), its.get(path));
  ///         });
  /// ```
  ///
  /// Reading costs one array more than with the methods above.
  ///
  /// @param fields adds the fields in the order of the struct, and gives what makes the object of
  ///   their values, on reading; called once, at once
  /// @param <T> the Java type of the struct, usually a record
  /// @return a codec for the struct
  /// @throws IllegalArgumentException if there is no field, or structs would be nested too deep
  static <T> Codec<T> struct(
      Function<StructFields<T>, Function<StructFields.Values<T>, T>> fields) {
    StructFields<T> all = new StructFields<>();
    return all.codec(fields.apply(all));
  }

  /// Makes an object of three fields, such as the constructor of a record.
  ///
  /// @param <A> the first field
  /// @param <B> the second field
  /// @param <C> the third field
  /// @param <T> the object
  @FunctionalInterface
  interface Function3<A, B, C, T> {
    /// Makes the object.
    ///
    /// @param a the first field
    /// @param b the second field
    /// @param c the third field
    /// @return the object
    T apply(A a, B b, C c);
  }

  /// Makes an object of four fields, such as the constructor of a record.
  ///
  /// @param <A> the first field
  /// @param <B> the second field
  /// @param <C> the third field
  /// @param <D> the fourth field
  /// @param <T> the object
  @FunctionalInterface
  interface Function4<A, B, C, D, T> {
    /// Makes the object.
    ///
    /// @param a the first field
    /// @param b the second field
    /// @param c the third field
    /// @param d the fourth field
    /// @return the object
    T apply(A a, B b, C c, D d);
  }

  /// Makes an object of five fields, such as the constructor of a record.
  ///
  /// @param <A> the first field
  /// @param <B> the second field
  /// @param <C> the third field
  /// @param <D> the fourth field
  /// @param <E> the fifth field
  /// @param <T> the object
  @FunctionalInterface
  interface Function5<A, B, C, D, E, T> {
    /// Makes the object.
    ///
    /// @param a the first field
    /// @param b the second field
    /// @param c the third field
    /// @param d the fourth field
    /// @param e the fifth field
    /// @return the object
    T apply(A a, B b, C c, D d, E e);
  }

  /// Makes an object of six fields, such as the constructor of a record.
  ///
  /// @param <A> the first field
  /// @param <B> the second field
  /// @param <C> the third field
  /// @param <D> the fourth field
  /// @param <E> the fifth field
  /// @param <F> the sixth field
  /// @param <T> the object
  @FunctionalInterface
  interface Function6<A, B, C, D, E, F, T> {
    /// Makes the object.
    ///
    /// @param a the first field
    /// @param b the second field
    /// @param c the third field
    /// @param d the fourth field
    /// @param e the fifth field
    /// @param f the sixth field
    /// @return the object
    T apply(A a, B b, C c, D d, E e, F f);
  }
}
