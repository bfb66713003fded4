package dbus.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fields of a struct, one after the other: for [Codec#struct(Function)], which takes any
/// number of them.
///
/// Only valid while the codec is made, and on the thread that makes it.
///
/// @param <T> the Java type of the struct, usually a record
public final class StructFields<T> {
  private final List<Field<T, ?>> fields = new ArrayList<>();
  private boolean complete;

  StructFields() {}

  /// One field of a struct, by which its value is got when the struct is read.
  ///
  /// @param <T> the Java type of the struct
  /// @param <F> the Java type of the field
  public static final class Field<T, F> {
    private final StructFields<T> owner;
    private final int index;
    private final Codec<F> codec;
    private final Function<? super T, ? extends F> get;

    private Field(
        StructFields<T> owner, int index, Codec<F> codec, Function<? super T, ? extends F> get) {
      this.owner = owner;
      this.index = index;
      this.codec = codec;
      this.get = get;
    }

    private void write(WireWriter writer, T struct) {
      codec.write(writer, get.apply(struct));
    }
  }

  /// The values of the fields of one struct that is being read.
  ///
  /// @param <T> the Java type of the struct
  public static final class Values<T> {
    private final StructFields<T> owner;
    private final @Nullable Object[] values;

    private Values(StructFields<T> owner, WireReader reader) {
      this.owner = owner;
      this.values = new Object[owner.fields.size()];
      for (Field<T, ?> field : owner.fields) {
        values[field.index] = field.codec.read(reader);
      }
    }

    /// The value of a field.
    ///
    /// @param field one that was made for the same codec
    /// @param <F> its Java type
    /// @return what was read
    /// @throws IllegalArgumentException if the field belongs to another struct
    @SuppressWarnings("unchecked") // Only the field's codec has put something there.
    public <F> F get(Field<T, F> field) {
      if (field.owner != owner) {
        throw new IllegalArgumentException(
            "field " + field.index + " (" + field.codec.type() + ") belongs to another struct");
      }
      return (F) values[field.index];
    }
  }

  /// Adds a field behind those before.
  ///
  /// @param codec the codec of the field
  /// @param get the field of an object, on writing
  /// @param <F> the Java type of the field
  /// @return what gets the field's value, on reading
  /// @throws IllegalStateException if the codec is made already
  public <F> Field<T, F> add(Codec<F> codec, Function<? super T, ? extends F> get) {
    if (complete) {
      throw new IllegalStateException("the struct is complete, a field cannot be added any more");
    }
    Field<T, F> field = new Field<>(this, fields.size(), codec, get);
    fields.add(field);
    return field;
  }

  /// The codec of a struct with these fields.
  Codec<T> codec(Function<? super Values<T>, ? extends T> make) {
    complete = true;
    List<Field<T, ?>> all = List.copyOf(fields);
    return StructCodecs.struct(
        all.stream().map(field -> field.codec.type()).toList(),
        reader -> make.apply(new Values<>(this, reader)),
        (writer, struct) -> {
          for (Field<T, ?> field : all) {
            field.write(writer, struct);
          }
        });
  }
}
