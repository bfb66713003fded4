package dbus.wire;

/// Copies marshalled values from one byte order to the other, without objects in between.
final class BodyCopy {
  private BodyCopy() {}

  /// Copies the values that are left where the reader is.
  static void copy(WireReader reader, WireWriter writer) {
    while (reader.hasNext()) {
      value(reader, writer, reader.nextType());
    }
  }

  private static void value(WireReader reader, WireWriter writer, Type type) {
    switch (type) {
      case BasicType basic -> basic(reader, writer, basic);
      case VariantType _ -> {
        writer.beginVariant(reader.enterVariant());
        copy(reader, writer);
        writer.endVariant();
        reader.leaveVariant();
      }
      case ArrayType(BasicType element) when element.isFixedSize() ->
          writer.writePacked(element, reader.readPacked(element));
      case ArrayType _ -> {
        writer.beginArray();
        reader.enterArray();
        copy(reader, writer);
        reader.leaveArray();
        writer.endArray();
      }
      case StructType _ -> {
        writer.beginStruct();
        reader.enterStruct();
        copy(reader, writer);
        reader.leaveStruct();
        writer.endStruct();
      }
      case DictEntryType _ -> {
        writer.beginDictEntry();
        reader.enterDictEntry();
        copy(reader, writer);
        reader.leaveDictEntry();
        writer.endDictEntry();
      }
    }
  }

  private static void basic(WireReader reader, WireWriter writer, BasicType type) {
    switch (type) {
      case BYTE -> writer.writeByte(reader.readByte());
      case BOOLEAN -> writer.writeBoolean(reader.readBoolean());
      case INT16 -> writer.writeInt16(reader.readInt16());
      case UINT16 -> writer.writeUInt16(reader.readUInt16());
      case INT32 -> writer.writeInt32(reader.readInt32());
      case UINT32 -> writer.writeUInt32(reader.readUInt32());
      case INT64 -> writer.writeInt64(reader.readInt64());
      case UINT64 -> writer.writeUInt64Bits(reader.readUInt64Bits());
      case DOUBLE -> writer.writeDouble(reader.readDouble());
      case STRING -> writer.writeString(reader.readString());
      case OBJECT_PATH -> writer.writeObjectPath(reader.readObjectPath());
      case SIGNATURE -> writer.writeSignature(reader.readSignature());
      case UNIX_FD -> writer.writeUnixFd(reader.readUnixFd());
    }
  }
}
