package dbus.testkit.cli;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the messages of a capture, as `dbus serve --capture` writes it: a pcapng file, block by
/// block. The IETF's draft "PCAP Next Generation (pcapng) Capture File Format".
final class CaptureFile {

  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;

  /// D-Bus messages without the handshake, in the registry of link types.
  private static final int LINK_TYPE_DBUS = 231;

  private static final int INTERFACE_NAME = 2;
  private static final int INTERFACE_TIME_UNIT = 9;
  private static final int PACKET_FLAGS = 2;

  /// Type and length; the length stands at the end once more.
  private static final int FRAME_START = 8;

  private static final int FRAME = FRAME_START + 4;

  private static final int MICROSECONDS = 6;

  /// Smaller units are those of no clock, and do not fit into a long.
  private static final int SMALLEST_UNIT = 9;

  /// @param at where its bytes begin in the file
  /// @param length of the whole message, of which there may be fewer bytes
  /// @param about which way it went, when, and on which connection
  record Packet(int at, ByteBuffer kept, long length, String about) {

    byte[] bytes() {
      byte[] copy = new byte[kept.remaining()];
      kept.get(kept.position(), copy);
      return copy;
    }
  }

  /// @param timeUnit as a negative power of ten
  private record Source(int linkType, String name, int timeUnit) {}

  private final ByteBuffer file;
  private final List<Source> sources = new ArrayList<>();

  CaptureFile(byte[] file) {
    this.file = ByteBuffer.wrap(file);
  }

  /// Whether it begins as one; no message does, and no text.
  static boolean isOne(byte[] input) {
    return input.length >= 4 && ByteBuffer.wrap(input).getInt() == SECTION_HEADER;
  }

  /// The next message, if there is one.
  Optional<Packet> next() throws BrokenCaptureException {
    while (file.hasRemaining()) {
      int start = file.position();
      try {
        Optional<Packet> packet = block();
        if (packet.isPresent()) {
          return packet;
        }
      } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
        throw new BrokenCaptureException(start, "the block is shorter than what is in it");
      }
    }
    return Optional.empty();
  }

  private Optional<Packet> block() throws BrokenCaptureException {
    int start = file.position();
    if (file.remaining() < FRAME) {
      throw new BrokenCaptureException(start, "the file ends within a block");
    }
    int type = file.getInt(start);
    if (type == SECTION_HEADER) {
      section(start);
    }
    type = file.getInt(start);
    int length = file.getInt(start + 4);
    if (length < FRAME || length % 4 != 0) {
      throw new BrokenCaptureException(
          start, "a block has 12 bytes or more and a multiple of 4, not " + length);
    }
    if (length > file.remaining()) {
      throw new BrokenCaptureException(start, "the file ends within a block");
    }
    ByteBuffer body = file.slice(start + FRAME_START, length - FRAME).order(file.order());
    file.position(start + length);
    return switch (type) {
      case INTERFACE_DESCRIPTION -> {
        sources.add(source(body));
        yield Optional.empty();
      }
      case ENHANCED_PACKET -> Optional.of(packet(body, start));
      default -> Optional.empty();
    };
  }

  private void section(int start) throws BrokenCaptureException {
    file.order(ByteOrder.LITTLE_ENDIAN);
    if (file.getInt(start + FRAME_START) != BYTE_ORDER_MAGIC) {
      file.order(ByteOrder.BIG_ENDIAN);
    }
    if (file.getInt(start + FRAME_START) != BYTE_ORDER_MAGIC) {
      throw new BrokenCaptureException(start, "the section tells no byte order");
    }
    sources.clear();
  }

  private static Source source(ByteBuffer body) {
    int linkType = Short.toUnsignedInt(body.getShort());
    body.getShort();
    body.getInt();
    String name = "";
    int unit = MICROSECONDS;
    for (Option option = option(body); option.code() != 0; option = option(body)) {
      if (option.code() == INTERFACE_NAME) {
        name = StandardCharsets.UTF_8.decode(option.value()).toString();
      } else if (option.code() == INTERFACE_TIME_UNIT) {
        unit = option.value().get();
      }
    }
    return new Source(linkType, name, unit);
  }

  private Packet packet(ByteBuffer body, int start) throws BrokenCaptureException {
    int number = body.getInt();
    if (number < 0 || number >= sources.size()) {
      throw new BrokenCaptureException(start, "no block describes the interface " + number);
    }
    Source source = sources.get(number);
    if (source.linkType() != LINK_TYPE_DBUS) {
      throw new BrokenCaptureException(
          start,
          "the link type of D-Bus is %s, not %s".formatted(LINK_TYPE_DBUS, source.linkType()));
    }
    long time = (long) body.getInt() << 32 | Integer.toUnsignedLong(body.getInt());
    int size = body.getInt();
    long length = Integer.toUnsignedLong(body.getInt());
    int at = start + FRAME_START + body.position();
    ByteBuffer kept = body.slice(body.position(), size);
    body.position(body.position() + size);
    body.position(Math.min((body.position() + 3) & -4, body.limit()));
    String way = "seen";
    for (Option option = option(body); option.code() != 0; option = option(body)) {
      if (option.code() == PACKET_FLAGS) {
        way =
            switch (option.value().getInt() & 3) {
              case 1 -> "received";
              case 2 -> "sent";
              default -> "seen";
            };
      }
    }
    return new Packet(at, kept, length, way + on(source.name()) + when(time, source.timeUnit()));
  }

  private static String on(String name) {
    return name.isEmpty() ? "" : " on " + name;
  }

  private static String when(long time, int unit) {
    if (unit < 0 || unit > SMALLEST_UNIT) {
      return "";
    }
    long second = 1;
    for (int i = 0; i < unit; i++) {
      second *= 10;
    }
    long nanos = Long.remainderUnsigned(time, second) * (1_000_000_000 / second);
    return " at " + Instant.ofEpochSecond(Long.divideUnsigned(time, second), nanos);
  }

  private record Option(int code, ByteBuffer value) {}

  /// The next option; the end of them has the code 0, and need not be there.
  private static Option option(ByteBuffer body) {
    if (!body.hasRemaining()) {
      return new Option(0, body);
    }
    int code = Short.toUnsignedInt(body.getShort());
    int length = Short.toUnsignedInt(body.getShort());
    ByteBuffer value = body.slice(body.position(), length).order(body.order());
    body.position(Math.min((body.position() + length + 3) & -4, body.limit()));
    return new Option(code, value);
  }

  /// The file is not what it should be.
  static final class BrokenCaptureException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenCaptureException(int at, String problem) {
      super("block at byte " + at + ": " + problem);
    }
  }
}
