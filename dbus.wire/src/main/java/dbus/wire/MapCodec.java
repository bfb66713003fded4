package dbus.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A dictionary as a map.
record MapCodec<K, V>(ArrayType type, Codec<K> key, Codec<V> value) implements Codec<Map<K, V>> {
  @Override
  public Map<K, V> read(WireReader reader) {
    reader.enterArray();
    if (!reader.hasNext()) {
      // A peer may send millions of them, each in eight bytes.
      reader.leaveArray();
      return Collections.emptyMap();
    }
    Map<K, V> map = new LinkedHashMap<>();
    while (reader.hasNext()) {
      reader.enterDictEntry();
      map.put(key.read(reader), value.read(reader));
      reader.leaveDictEntry();
    }
    reader.leaveArray();
    return Collections.unmodifiableMap(map);
  }

  @Override
  public void write(WireWriter writer, Map<K, V> map) {
    writer.beginArray();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      writer.beginDictEntry();
      key.write(writer, entry.getKey());
      value.write(writer, entry.getValue());
      writer.endDictEntry();
    }
    writer.endArray();
  }
}
