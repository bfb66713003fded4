package dbus.testkit.cli;

import dbus.wire.HeaderField;
import dbus.wire.Message;
import dbus.wire.WireReader;
import java.io.PrintWriter;
import java.nio.ByteBuffer;

/// Prints messages field by field, with the offset at which each begins, up to a number of lines.
final class MessageOutline {

  private static final int FIXED_LENGTH = 16;

  private final OutlineLines lines;

  MessageOutline(PrintWriter out, int limit) {
    this.lines = new OutlineLines(out, limit);
  }

  /// Prints a message, which is valid.
  ///
  /// @param heading which one it is
  void print(String heading, byte[] bytes, Message message) {
    lines.heading(heading + ", " + bytes.length + " bytes");
    ByteBuffer start = ByteBuffer.wrap(bytes).order(message.byteOrder());
    lines.add(0, "byte order", (char) bytes[0] + ", " + message.byteOrder());
    lines.add(1, "type", (bytes[1] & 0xff) + ", " + message.type());
    lines.add(2, "flags", "0x%02x, %s".formatted(bytes[2], message.flags()));
    lines.add(3, "version", Integer.toString(bytes[3]));
    lines.add(4, "body length", Integer.toUnsignedString(start.getInt(4)));
    lines.add(8, "serial", Integer.toUnsignedString(start.getInt(8)));
    int length = start.getInt(12);
    lines.add(12, "header length", Integer.toString(length));
    fields(message, start);
    int bodyAt = FIXED_LENGTH + ((length + 7) & -8);
    ValueOutline values = new ValueOutline(lines, message.body().bytes(), bodyAt);
    WireReader reader = message.body().reader();
    for (int i = 0; reader.hasNext() && !lines.isFull(); i++) {
      values.value(reader, "argument " + i, 0);
    }
  }

  private void fields(Message message, ByteBuffer bytes) {
    ValueOutline values = new ValueOutline(lines, bytes, 0);
    values.skip(FIXED_LENGTH);
    for (HeaderField field : message.fields()) {
      if (lines.isFull()) {
        return;
      }
      int from = values.align(8);
      String name = field.known().map(Enum::name).orElse("unknown field " + field.code());
      WireReader reader = field.reader();
      // The code, and the signature of the variant between its length and NUL.
      values.skip(1 + 1 + reader.nextType().toString().length() + 1);
      values.valueAt(from, reader, name, 0);
    }
  }
}
