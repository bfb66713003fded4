package dbus.wire;

import java.util.function.BiConsumer;
import java.util.function.Function;

/// A codec of two functions over the cursors.
record CursorCodec<T>(Type type, Function<WireReader, T> reading, BiConsumer<WireWriter, T> writing)
    implements Codec<T> {
  static <T> Codec<T> of(
      Type type, Function<WireReader, T> reading, BiConsumer<WireWriter, T> writing) {
    return new CursorCodec<>(type, reading, writing);
  }

  @Override
  public T read(WireReader reader) {
    return reading.apply(reader);
  }

  @Override
  public void write(WireWriter writer, T value) {
    writing.accept(writer, value);
  }

  @Override
  public String toString() {
    return "Codec[" + type + "]";
  }
}
