package dbus.testkit.wire;

import dbus.wire.ArrayType;
import dbus.wire.BasicType;
import dbus.wire.Body;
import dbus.wire.DictEntryType;
import dbus.wire.Signature;
import dbus.wire.StructType;
import dbus.wire.Type;
import dbus.wire.VariantType;
import dbus.wire.WireReader;
import dbus.wire.WireWriter;
import java.nio.ByteOrder;

/// Copies values with nothing but the public cursors.
final class Cursors {
  private Cursors() {}

  /// Copies value by value.
  static Body copy(Body body, ByteOrder order) {
    return Body.write(body.signature(), order, writer -> copyAll(body.reader(), writer, false));
  }

  /// Copies arrays at once where there is a method for it.
  static Body copyInBulk(Body body, ByteOrder order) {
    return Body.write(body.signature(), order, writer -> copyAll(body.reader(), writer, true));
  }

  private static void copyAll(WireReader from, WireWriter to, boolean bulk) {
    while (from.hasNext()) {
      copy(from, to, bulk);
    }
  }

  private static void copy(WireReader from, WireWriter to, boolean bulk) {
    switch (from.nextType()) {
      case BasicType basic -> copy(basic, from, to);
      case ArrayType(BasicType element) when bulk && copyPacked(element, from, to) -> {}
      case ArrayType(Type element) -> {
        from.enterArray();
        to.beginArray(element);
        copyAll(from, to, bulk);
        from.leaveArray();
        to.endArray();
      }
      case StructType _ -> {
        from.enterStruct();
        to.beginStruct();
        copyAll(from, to, bulk);
        from.leaveStruct();
        to.endStruct();
      }
      case DictEntryType _ -> {
        from.enterDictEntry();
        to.beginDictEntry();
        copyAll(from, to, bulk);
        from.leaveDictEntry();
        to.endDictEntry();
      }
      case VariantType _ -> {
        Signature content = from.enterVariant();
        to.beginVariant(content);
        copyAll(from, to, bulk);
        from.leaveVariant();
        to.endVariant();
      }
    }
  }

  private static boolean copyPacked(BasicType element, WireReader from, WireWriter to) {
    switch (element) {
      case BYTE -> to.writeByteArray(from.readByteArray());
      case INT16 -> to.writeInt16Array(from.readInt16Array());
      case INT32 -> to.writeInt32Array(from.readInt32Array());
      case INT64 -> to.writeInt64Array(from.readInt64Array());
      case DOUBLE -> to.writeDoubleArray(from.readDoubleArray());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void copy(BasicType type, WireReader from, WireWriter to) {
    switch (type) {
      case BYTE -> to.writeByte(from.readByte());
      case BOOLEAN -> to.writeBoolean(from.readBoolean());
      case INT16 -> to.writeInt16(from.readInt16());
      case UINT16 -> to.writeUInt16(from.readUInt16());
      case INT32 -> to.writeInt32(from.readInt32());
      case UINT32 -> to.writeUInt32(from.readUInt32());
      case INT64 -> to.writeInt64(from.readInt64());
      case UINT64 -> to.writeUInt64(from.readUInt64());
      case DOUBLE -> to.writeDouble(from.readDouble());
      case STRING -> to.writeString(from.readString());
      case OBJECT_PATH -> to.writeObjectPath(from.readObjectPath());
      case SIGNATURE -> to.writeSignature(from.readSignature());
      case UNIX_FD -> to.writeUnixFd(from.readUnixFd());
    }
  }
}
