package dbus.wire;

import java.util.ArrayList;
import java.util.List;

/// Reads values as objects. The recursion is bounded by the depth of what was validated.
final class ValueReader {
  private ValueReader() {}

  static Value read(WireReader reader) {
    return switch (reader.nextType()) {
      case BasicType basic -> basic(reader, basic);
      case VariantType _ -> new Value.Variant(readVariant(reader));
      case ArrayType(DictEntryType entry) -> dict(reader, entry);
      case ArrayType(BasicType element) when element.isFixedSize() ->
          new Value.Array(element, PackedItems.ofNative(element, reader.readPacked(element)));
      case ArrayType(Type element) -> {
        reader.enterArray();
        List<Value> items = rest(reader);
        reader.leaveArray();
        yield new Value.Array(element, items);
      }
      case StructType _ -> {
        reader.enterStruct();
        List<Value> fields = rest(reader);
        reader.leaveStruct();
        yield new Value.Struct(fields);
      }
      case DictEntryType _ ->
          throw new IllegalStateException(
              "between the entries of a dictionary: read it whole, or enter each entry");
    };
  }

  /// Reads a variant and returns what is in it.
  static Value readVariant(WireReader reader) {
    reader.enterVariant();
    Value value = read(reader);
    reader.leaveVariant();
    return value;
  }

  private static Value basic(WireReader reader, BasicType type) {
    return switch (type) {
      case BYTE -> new Value.Byte(reader.readByte());
      case BOOLEAN -> new Value.Bool(reader.readBoolean());
      case INT16 -> new Value.Int16(reader.readInt16());
      case UINT16 -> new Value.UInt16(reader.readUInt16());
      case INT32 -> new Value.Int32(reader.readInt32());
      case UINT32 -> new Value.UInt32(reader.readUInt32());
      case INT64 -> new Value.Int64(reader.readInt64());
      case UINT64 -> new Value.UInt64(reader.readUInt64());
      case DOUBLE -> new Value.Double(reader.readDouble());
      case STRING -> new Value.Str(reader.readString());
      case OBJECT_PATH -> new Value.Path(reader.readObjectPath());
      case SIGNATURE -> new Value.Sig(reader.readSignature());
      case UNIX_FD -> new Value.UnixFd(reader.readUnixFd());
    };
  }

  private static Value dict(WireReader reader, DictEntryType type) {
    List<Value.Entry> entries = new ArrayList<>();
    reader.enterArray();
    while (reader.hasNext()) {
      reader.enterDictEntry();
      entries.add(new Value.Entry(read(reader), read(reader)));
      reader.leaveDictEntry();
    }
    reader.leaveArray();
    return new Value.Dict(type, entries);
  }

  static List<Value> rest(WireReader reader) {
    List<Value> values = new ArrayList<>();
    while (reader.hasNext()) {
      values.add(read(reader));
    }
    return values;
  }
}
