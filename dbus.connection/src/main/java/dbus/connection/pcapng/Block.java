package dbus.connection.pcapng;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The blocks that a pcapng file consists of, each as bytes. Wireshark, "PCAP Next Generation
/// (pcapng) Capture File Format", of the IETF's draft of that name.
final class Block {

  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  /// Tells a reader the byte order.
  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;

  private static final long LENGTH_UNKNOWN = -1;

  /// D-Bus messages without the handshake, in the registry of link types.
  private static final short LINK_TYPE_DBUS = 231;

  private static final short END_OF_OPTIONS = 0;
  private static final short SECTION_APPLICATION = 4;
  private static final short INTERFACE_NAME = 2;
  private static final short INTERFACE_TEXT = 3;
  private static final short INTERFACE_TIME_UNIT = 9;
  private static final short PACKET_FLAGS = 2;
  private static final short STATISTICS_RECEIVED = 4;
  private static final short STATISTICS_DROPPED = 5;

  /// As a negative power of ten.
  private static final byte NANOSECONDS = 9;

  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  /// Type, length, and the length again at the end.
  private static final int FRAME = 12;

  private final ByteBuffer bytes;

  private Block(int type, int capacity) {
    bytes = ByteBuffer.allocate(capacity + FRAME).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(type).putInt(0);
  }

  static byte[] sectionHeader(String application) {
    byte[] name = utf8(application);
    Block block = new Block(SECTION_HEADER, 16 + option(name.length) + 4);
    block.bytes.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0);
    block.bytes.putLong(LENGTH_UNKNOWN);
    return block.option(SECTION_APPLICATION, name).end();
  }

  /// @param mostBytes of a packet that are kept
  static byte[] interfaceDescription(String name, String text, int mostBytes) {
    byte[] nameBytes = utf8(name);
    byte[] textBytes = utf8(text);
    int options = option(nameBytes.length) + option(textBytes.length) + option(1) + 4;
    Block block = new Block(INTERFACE_DESCRIPTION, 8 + options);
    block.bytes.putShort(LINK_TYPE_DBUS).putShort((short) 0).putInt(mostBytes);
    return block
        .option(INTERFACE_NAME, nameBytes)
        .option(INTERFACE_TEXT, textBytes)
        .option(INTERFACE_TIME_UNIT, new byte[] {NANOSECONDS})
        .end();
  }

  /// @param time in nanoseconds since 1970
  /// @param kept the first bytes of the packet, or all
  /// @param length of the whole packet
  static byte[] packet(int number, long time, boolean inbound, ByteBuffer kept, int length) {
    Block block = new Block(ENHANCED_PACKET, 20 + padded(kept.remaining()) + option(4) + 4);
    block.bytes.putInt(number);
    block.time(time).bytes.putInt(kept.remaining()).putInt(length);
    block.padded(kept);
    return block.option(PACKET_FLAGS, inbound ? INBOUND : OUTBOUND).end();
  }

  /// @param time in nanoseconds since 1970
  static byte[] statistics(int number, long time, long received, long dropped) {
    Block block = new Block(INTERFACE_STATISTICS, 12 + 2 * option(8) + 4);
    block.bytes.putInt(number);
    return block
        .time(time)
        .option(STATISTICS_RECEIVED, received)
        .option(STATISTICS_DROPPED, dropped)
        .end();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int padded(int length) {
    return (length + 3) & -4;
  }

  private static int option(int length) {
    return 4 + padded(length);
  }

  private Block time(long time) {
    bytes.putInt((int) (time >>> 32)).putInt((int) time);
    return this;
  }

  private Block option(short code, byte[] value) {
    bytes.putShort(code).putShort((short) value.length);
    padded(ByteBuffer.wrap(value));
    return this;
  }

  private Block option(short code, int value) {
    bytes.putShort(code).putShort((short) 4).putInt(value);
    return this;
  }

  private Block option(short code, long value) {
    bytes.putShort(code).putShort((short) 8).putLong(value);
    return this;
  }

  private void padded(ByteBuffer value) {
    int end = bytes.position() + padded(value.remaining());
    bytes.put(value).position(end);
  }

  /// Ends the options and the block.
  private byte[] end() {
    bytes.putShort(END_OF_OPTIONS).putShort((short) 0);
    int length = bytes.position() + 4;
    assert length == bytes.capacity() : length + " bytes, not " + bytes.capacity();
    bytes.putInt(length).putInt(4, length);
    return bytes.array();
  }
}
