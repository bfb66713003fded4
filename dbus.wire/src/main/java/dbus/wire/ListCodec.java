package dbus.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// An array as a list.
record ListCodec<E>(ArrayType type, Codec<E> element) implements Codec<List<E>> {
  @Override
  public List<E> read(WireReader reader) {
    reader.enterArray();
    if (!reader.hasNext()) {
      // A peer may send millions of them, each in four bytes.
      reader.leaveArray();
      return Collections.emptyList();
    }
    List<E> items = new ArrayList<>();
    while (reader.hasNext()) {
      items.add(element.read(reader));
    }
    reader.leaveArray();
    return Collections.unmodifiableList(items);
  }

  @Override
  public void write(WireWriter writer, List<E> items) {
    writer.beginArray();
    for (E item : items) {
      element.write(writer, item);
    }
    writer.endArray();
  }
}
