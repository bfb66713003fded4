package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A pcapng file as its format says to read it: block by block, option by option. Whatever is not
/// as it should be fails the test.
final class PcapngFile {

  record Interface(int linkType, int mostBytes, Map<Integer, byte[]> options) {
    String name() {
      return new String(options.get(2), StandardCharsets.UTF_8);
    }

    String text() {
      return new String(options.get(3), StandardCharsets.UTF_8);
    }
  }

  /// @param time in units of its interface
  record Packet(int number, long time, ByteBuffer kept, int length, Map<Integer, byte[]> options) {
    byte[] bytes() {
      byte[] copy = new byte[kept.remaining()];
      kept.get(kept.position(), copy);
      return copy;
    }

    Direction direction() {
      return switch (integer(options.get(2)) & 3) {
        case 1 -> Direction.INCOMING;
        case 2 -> Direction.OUTGOING;
        default -> throw new AssertionError("no direction");
      };
    }

    private static int integer(byte[] value) {
      assertEquals(4, value.length);
      return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
  }

  record Statistics(int number, long received, long dropped) {}

  final List<Interface> interfaces = new ArrayList<>();
  final List<Packet> packets = new ArrayList<>();
  final List<Statistics> statistics = new ArrayList<>();
  private boolean begun;

  private PcapngFile() {}

  static PcapngFile read(byte[] file) {
    PcapngFile read = new PcapngFile();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      read.block(bytes);
    }
    assertTrue(read.begun, "the file has no section header");
    return read;
  }

  private void block(ByteBuffer bytes) {
    int at = bytes.position();
    int type = bytes.getInt();
    int length = bytes.getInt();
    assertEquals(0, length % 4, "the length of a block");
    assertEquals(length, bytes.getInt(at + length - 4), "the length repeated at the end");
    ByteBuffer body = bytes.slice(at + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(at + length);
    assertEquals(begun, type != 0x0a0d0d0a, "one section header, and first");
    switch (type) {
      case 0x0a0d0d0a -> section(body);
      case 1 ->
          interfaces.add(
              new Interface(Short.toUnsignedInt(skip(body, 2)), body.getInt(), options(body)));
      case 5 -> statistics(body);
      case 6 -> packet(body);
      default -> throw new AssertionError("a block of type " + type);
    }
  }

  /// Reads a short, and passes over what is reserved behind it.
  private static short skip(ByteBuffer body, int count) {
    short value = body.getShort();
    body.position(body.position() + count);
    return value;
  }

  private void section(ByteBuffer body) {
    begun = true;
    assertEquals(0x1a2b3c4d, body.getInt(), "the magic number of the byte order");
    assertEquals(1, body.getShort(), "the major version");
    assertEquals(0, body.getShort(), "the minor version");
    assertEquals(-1, body.getLong(), "the length of the section is not known");
    assertEquals("dbus for Java", new String(options(body).get(4), StandardCharsets.UTF_8));
  }

  private void packet(ByteBuffer body) {
    int number = body.getInt();
    assertTrue(number < interfaces.size(), "the interface is described before its packets");
    long time = time(body);
    int kept = body.getInt();
    int length = body.getInt();
    byte[] bytes = padded(body, kept);
    assertTrue(kept <= length && kept <= interfaces.get(number).mostBytes());
    packets.add(new Packet(number, time, ByteBuffer.wrap(bytes), length, options(body)));
  }

  private void statistics(ByteBuffer body) {
    int number = body.getInt();
    time(body);
    Map<Integer, byte[]> options = options(body);
    statistics.add(new Statistics(number, number(options.get(4)), number(options.get(5))));
  }

  private static long number(byte[] value) {
    assertEquals(8, value.length);
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static long time(ByteBuffer body) {
    return (long) body.getInt() << 32 | Integer.toUnsignedLong(body.getInt());
  }

  private static Map<Integer, byte[]> options(ByteBuffer body) {
    Map<Integer, byte[]> options = new LinkedHashMap<>();
    while (true) {
      int code = Short.toUnsignedInt(body.getShort());
      int length = Short.toUnsignedInt(body.getShort());
      if (code == 0) {
        assertEquals(0, length);
        assertEquals(0, body.remaining(), "bytes after the end of the options");
        return options;
      }
      options.put(code, padded(body, length));
    }
  }

  private static byte[] padded(ByteBuffer body, int length) {
    byte[] value = new byte[length];
    body.get(value);
    while (length++ % 4 != 0) {
      assertEquals(0, body.get(), "padding");
    }
    return value;
  }
}
