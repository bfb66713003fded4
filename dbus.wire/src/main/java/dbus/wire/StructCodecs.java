package dbus.wire;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Structs as objects with one to six fields, written out for each number so that nothing stands
/// between the cursor and the constructor. For more there are [StructFields].
final class StructCodecs {
  private StructCodecs() {}

  static <A, T> Codec<T> of(Codec<A> a, Function<A, T> make, Function<T, A> getA) {
    return struct(
        List.of(a.type()),
        reader -> make.apply(a.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
        });
  }

  static <A, B, T> Codec<T> of(
      Codec<A> a, Codec<B> b, BiFunction<A, B, T> make, Function<T, A> getA, Function<T, B> getB) {
    return struct(
        List.of(a.type(), b.type()),
        reader -> make.apply(a.read(reader), b.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
          b.write(writer, getB.apply(value));
        });
  }

  static <A, B, C, T> Codec<T> of(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec.Function3<A, B, C, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC) {
    return struct(
        List.of(a.type(), b.type(), c.type()),
        reader -> make.apply(a.read(reader), b.read(reader), c.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
          b.write(writer, getB.apply(value));
          c.write(writer, getC.apply(value));
        });
  }

  static <A, B, C, D, T> Codec<T> of(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Codec.Function4<A, B, C, D, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD) {
    return struct(
        List.of(a.type(), b.type(), c.type(), d.type()),
        reader -> make.apply(a.read(reader), b.read(reader), c.read(reader), d.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
          b.write(writer, getB.apply(value));
          c.write(writer, getC.apply(value));
          d.write(writer, getD.apply(value));
        });
  }

  static <A, B, C, D, E, T> Codec<T> of(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Codec<E> e,
      Codec.Function5<A, B, C, D, E, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD,
      Function<T, E> getE) {
    return struct(
        List.of(a.type(), b.type(), c.type(), d.type(), e.type()),
        reader ->
            make.apply(
                a.read(reader), b.read(reader), c.read(reader), d.read(reader), e.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
          b.write(writer, getB.apply(value));
          c.write(writer, getC.apply(value));
          d.write(writer, getD.apply(value));
          e.write(writer, getE.apply(value));
        });
  }

  static <A, B, C, D, E, F, T> Codec<T> of(
      Codec<A> a,
      Codec<B> b,
      Codec<C> c,
      Codec<D> d,
      Codec<E> e,
      Codec<F> f,
      Codec.Function6<A, B, C, D, E, F, T> make,
      Function<T, A> getA,
      Function<T, B> getB,
      Function<T, C> getC,
      Function<T, D> getD,
      Function<T, E> getE,
      Function<T, F> getF) {
    return struct(
        List.of(a.type(), b.type(), c.type(), d.type(), e.type(), f.type()),
        reader ->
            make.apply(
                a.read(reader),
                b.read(reader),
                c.read(reader),
                d.read(reader),
                e.read(reader),
                f.read(reader)),
        (writer, value) -> {
          a.write(writer, getA.apply(value));
          b.write(writer, getB.apply(value));
          c.write(writer, getC.apply(value));
          d.write(writer, getD.apply(value));
          e.write(writer, getE.apply(value));
          f.write(writer, getF.apply(value));
        });
  }

  static <T> Codec<T> struct(
      List<Type> fields, Function<WireReader, T> reading, BiConsumer<WireWriter, T> writing) {
    return CursorCodec.of(
        new StructType(fields),
        reader -> {
          reader.enterStruct();
          T value = reading.apply(reader);
          reader.leaveStruct();
          return value;
        },
        (writer, value) -> {
          writer.beginStruct();
          writing.accept(writer, value);
          writer.endStruct();
        });
  }
}
