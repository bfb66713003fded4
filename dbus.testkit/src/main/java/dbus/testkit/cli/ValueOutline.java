package dbus.testkit.cli;

import dbus.wire.ArrayType;
import dbus.wire.BasicType;
import dbus.wire.DictEntryType;
import dbus.wire.Signature;
import dbus.wire.StructType;
import dbus.wire.Type;
import dbus.wire.Value;
import dbus.wire.VariantType;
import dbus.wire.WireReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Prints values with the offset at which each begins: a cursor reads them, and the place is
/// counted beside it, by the rules of alignment.
final class ValueOutline {

  /// How many characters of a text, or bytes of an array, are shown.
  private static final int SHOWN = 200;

  private final OutlineLines lines;
  private final ByteBuffer bytes;

  /// Where the bytes begin in the message, a multiple of 8.
  private final int base;

  /// The place in the bytes.
  private int at;

  ValueOutline(OutlineLines lines, ByteBuffer bytes, int base) {
    this.lines = lines;
    this.bytes = bytes;
    this.base = base;
  }

  /// Prints the next value and what is in it.
  void value(WireReader reader, String name, int depth) {
    valueAt(align(reader.nextType().alignment()), reader, name, depth);
  }

  /// Prints the next value, as if it began where what it belongs to does.
  void valueAt(int offset, WireReader reader, String name, int depth) {
    Type type = reader.nextType();
    align(type.alignment());
    String label = "  ".repeat(depth) + name;
    switch (type) {
      case BasicType basic -> lines.add(offset, label, type + "  " + basic(reader, basic));
      case VariantType _ -> {
        lines.add(offset, label, "v");
        skip(reader.enterVariant().toString().length() + 2);
        value(reader, "content", depth + 1);
        if (!lines.isFull()) {
          reader.leaveVariant();
        }
      }
      case ArrayType(BasicType element) when element == BasicType.BYTE ->
          lines.add(offset, label, type + "  " + byteArray(reader));
      case ArrayType(Type _) -> {
        lines.add(offset, label, type + "  " + bytes.getInt(at) + " bytes");
        enterArray(reader);
        for (int i = 0; reader.hasNext() && !lines.isFull(); i++) {
          value(reader, "[" + i + "]", depth + 1);
        }
        if (!lines.isFull()) {
          reader.leaveArray();
        }
      }
      case StructType _ -> {
        lines.add(offset, label, type.toString());
        reader.enterStruct();
        for (int i = 0; reader.hasNext() && !lines.isFull(); i++) {
          value(reader, "field " + i, depth + 1);
        }
        if (!lines.isFull()) {
          reader.leaveStruct();
        }
      }
      case DictEntryType _ -> {
        lines.add(offset, label, type.toString());
        reader.enterDictEntry();
        value(reader, "key", depth + 1);
        if (!lines.isFull()) {
          value(reader, "value", depth + 1);
        }
        if (!lines.isFull()) {
          reader.leaveDictEntry();
        }
      }
    }
  }

  /// Passes over bytes that are no value.
  void skip(int count) {
    at += count;
  }

  /// Passes over padding, and returns the place in the message that is then reached.
  int align(int alignment) {
    at = (at + alignment - 1) & -alignment;
    return base + at;
  }

  /// Enters an array, and passes over its length and padding.
  private void enterArray(WireReader reader) {
    Type element = ((ArrayType) reader.nextType()).element();
    reader.enterArray();
    skip(4);
    align(element.alignment());
  }

  private String basic(WireReader reader, BasicType type) {
    return switch (type) {
      case STRING, OBJECT_PATH -> {
        int length = bytes.getInt(at);
        String text = text(at + 4, length);
        at += 5 + length;
        reader.skip();
        yield text;
      }
      case SIGNATURE -> {
        Signature signature = reader.readSignature();
        at += signature.toString().length() + 2;
        yield "\"" + signature + "\"";
      }
      default -> {
        at += type.alignment();
        yield reader.readValue().toText();
      }
    };
  }

  /// No more of a text is decoded than is shown; four bytes make a character at least.
  private String text(int from, int length) {
    byte[] start = new byte[Math.min(length, 4 * SHOWN)];
    bytes.get(from, start);
    String text = new String(start, StandardCharsets.UTF_8);
    if (text.length() <= SHOWN) {
      return new Value.Str(text).toText();
    }
    int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
    return new Value.Str(text.substring(0, end)).toText() + "… (" + length + " bytes)";
  }

  private String byteArray(WireReader reader) {
    int length = bytes.getInt(at);
    byte[] start = new byte[Math.min(length, SHOWN)];
    bytes.get(at + 4, start);
    at += 4 + length;
    reader.skip();
    String text = Value.Array.ofBytes(start).toText();
    return length > SHOWN ? text + "… (" + length + " bytes)" : text;
  }
}
