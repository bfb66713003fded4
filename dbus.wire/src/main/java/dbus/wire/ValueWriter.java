package dbus.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes values that are objects. The recursion is bounded by the writer, which counts the depth.
final class ValueWriter {
  private ValueWriter() {}

  static void write(WireWriter writer, Value value) {
    switch (value) {
      case Value.Byte(int v) -> writer.writeByte(v);
      case Value.Bool(boolean v) -> writer.writeBoolean(v);
      case Value.Int16(short v) -> writer.writeInt16(v);
      case Value.UInt16(int v) -> writer.writeUInt16(v);
      case Value.Int32(int v) -> writer.writeInt32(v);
      case Value.UInt32(long v) -> writer.writeUInt32(v);
      case Value.Int64(long v) -> writer.writeInt64(v);
      case Value.UInt64 v -> writer.writeUInt64Bits(v.bits());
      case Value.Double(double v) -> writer.writeDouble(v);
      case Value.Str(String v) -> writer.writeString(v);
      case Value.Path(ObjectPath v) -> writer.writeObjectPath(v);
      case Value.Sig(Signature v) -> writer.writeSignature(v);
      case Value.UnixFd(int index) -> writer.writeUnixFd(index);
      case Value.Variant(Value inner) -> {
        writer.beginVariant(Signature.of(inner.type()));
        write(writer, inner);
        writer.endVariant();
      }
      case Value.Array(BasicType element, PackedItems items) ->
          writer.writePacked(element, items.bytes());
      case Value.Array(Type element, List<Value> items) -> {
        writer.beginArray(element);
        items.forEach(item -> write(writer, item));
        writer.endArray();
      }
      case Value.Struct(List<Value> fields) -> {
        writer.beginStruct();
        fields.forEach(field -> write(writer, field));
        writer.endStruct();
      }
      case Value.Dict dict -> dict(writer, dict);
    }
  }

  private static void dict(WireWriter writer, Value.Dict dict) {
    Set<Comparable<?>> keys = new HashSet<>();
    writer.beginArray(dict.entryType());
    for (Value.Entry entry : dict.entries()) {
      if (!keys.add(comparable(entry.key()))) {
        throw new IllegalArgumentException("the dictionary has a key twice: " + entry.key());
      }
      writer.beginDictEntry();
      write(writer, entry.key());
      write(writer, entry.value());
      writer.endDictEntry();
    }
    writer.endArray();
  }

  /// What tells a key from the others of its type. A set of what is comparable stays fast when a
  /// stranger chooses keys that have the same hash.
  private static Comparable<?> comparable(Value key) {
    return switch (key) {
      case Value.Byte(int v) -> v;
      case Value.Bool(boolean v) -> v;
      case Value.Int16(short v) -> v;
      case Value.UInt16(int v) -> v;
      case Value.Int32(int v) -> v;
      case Value.UInt32(long v) -> v;
      case Value.Int64(long v) -> v;
      case Value.UInt64 v -> v.bits();
      case Value.Double(double v) -> Double.doubleToRawLongBits(v);
      case Value.Str(String v) -> v;
      case Value.Path(ObjectPath v) -> v.value();
      case Value.Sig(Signature v) -> v.toString();
      case Value.UnixFd(int index) -> index;
      case Value.Variant _, Value.Array _, Value.Struct _, Value.Dict _ ->
          throw new AssertionError(key.type() + " is no type of a key");
    };
  }
}
