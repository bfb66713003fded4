package dbus.testkit.cli;

import dbus.wire.Body;
import dbus.wire.HeaderField;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signature;
import dbus.wire.WireReader;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Prints messages field by field, with the offset at which each begins, up to a number of lines.
final class MessageOutline {

  private static final int FIXED_LENGTH = 16;

  /// A message without any header field in its body. Its last 8 bytes are that empty array: its
  /// length, and the padding up to the first element.
  private static final Message FIELDS =
      MethodCall.of(ObjectPath.ROOT, new MemberName("Fields"))
          .withBody(
              Body.write(
                  Signature.parse("a(yv)"),
                  writer -> {
                    writer.beginArray();
                    writer.endArray();
                  }));

  private final OutlineLines lines;

  MessageOutline(PrintWriter out, int limit) {
    this.lines = new OutlineLines(out, limit);
  }

  /// Prints a message, which is valid.
  void print(int number, int at, byte[] bytes, Message message) throws InvalidMessageException {
    lines.heading(
        "message %d, at byte %d of the input, %d bytes".formatted(number, at, bytes.length));
    ByteBuffer start = ByteBuffer.wrap(bytes).order(message.byteOrder());
    lines.add(0, "byte order", (char) bytes[0] + ", " + message.byteOrder());
    lines.add(1, "type", (bytes[1] & 0xff) + ", " + message.type());
    lines.add(2, "flags", "0x%02x, %s".formatted(bytes[2], message.flags()));
    lines.add(3, "version", Integer.toString(bytes[3]));
    lines.add(4, "body length", Integer.toUnsignedString(start.getInt(4)));
    lines.add(8, "serial", Integer.toUnsignedString(start.getInt(8)));
    int length = start.getInt(12);
    lines.add(12, "header length", Integer.toString(length));
    fields(fieldsAsBody(bytes, length, message.byteOrder()));
    int bodyAt = FIXED_LENGTH + ((length + 7) & -8);
    ValueOutline values = new ValueOutline(lines, message.body(), bodyAt);
    WireReader reader = message.body().reader();
    for (int i = 0; reader.hasNext() && !lines.isFull(); i++) {
      values.value(reader, "argument " + i, 0);
    }
  }

  private void fields(Body body) {
    // The array's length and its padding, 8 bytes in the body, are 4 in the header, at 12.
    ValueOutline values = new ValueOutline(lines, body, FIXED_LENGTH - 8);
    WireReader reader = body.reader();
    values.enterArray(reader);
    while (reader.hasNext() && !lines.isFull()) {
      int from = values.enterStruct(reader);
      int code = values.readByte(reader);
      String name = HeaderField.Known.ofCode(code).map(Enum::name).orElse("unknown field " + code);
      values.enterVariant(reader);
      values.valueAt(from, reader, name, 0);
      if (lines.isFull()) {
        return;
      }
      reader.leaveVariant();
      reader.leaveStruct();
    }
  }

  /// The header fields of a message as the body of another one, so that they can be read as what
  /// they are, an `a(yv)`. In both they begin at a multiple of 8, so their padding is the same.
  private static Body fieldsAsBody(byte[] message, int length, ByteOrder order)
      throws InvalidMessageException {
    byte[] empty = MessageEncoder.encode(FIELDS, 1, order);
    ByteBuffer full = ByteBuffer.allocate(empty.length + length).order(order);
    full.put(empty).put(message, FIXED_LENGTH, length);
    full.putInt(empty.length - 8, length).putInt(4, 8 + length);
    return MessageDecoder.decode(full.array()).body();
  }
}
