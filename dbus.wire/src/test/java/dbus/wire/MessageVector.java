package dbus.wire;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One line of `message-vectors.txt`.
record MessageVector(
    String id,
    String requirement,
    Optional<Violation> violation,
    int offset,
    String what,
    String hex) {

  static List<MessageVector> all() {
    try (InputStream in =
        Objects.requireNonNull(
            MessageVector.class.getResourceAsStream("message-vectors.txt"), "the vectors")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(MessageVector::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<MessageVector> valid() {
    return all().stream().filter(MessageVector::isValid).toList();
  }

  static MessageVector get(String id) {
    return all().stream().filter(v -> v.id.equals(id)).findFirst().orElseThrow();
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  boolean isValid() {
    return violation.isEmpty();
  }

  @Override
  public String toString() {
    return requirement + " " + id + " " + what;
  }

  private static MessageVector parse(String line) {
    String[] cells = line.split("; ?", -1);
    String[] verdict = cells[2].split(" ", -1);
    boolean valid = verdict[0].equals("VALID");
    return new MessageVector(
        cells[0],
        cells[1],
        valid ? Optional.empty() : Optional.of(Violation.valueOf(verdict[0])),
        valid ? -1 : Integer.parseInt(verdict[1]),
        cells[3],
        cells[4].isEmpty() ? HexFormat.of().formatHex(recipe(cells[0])) : cells[4]);
  }

  private static byte[] recipe(String id) {
    return switch (id) {
      case "V-54" -> structs(32, "y", new byte[] {1});
      case "V-55" -> structs(33, "y", new byte[] {1});
      case "V-56" -> ping("v", variants(64, 7));
      case "V-57" -> ping("v", variants(65, 7));
      case "V-58" -> structs(32, "v", variants(32, 1));
      case "V-59" -> structs(32, "v", variants(33, 1));
      case "V-60" -> arraysOfStructs("y", new byte[] {1});
      case "V-61" -> arraysOfStructs("v", variants(1, 1));
      case "V-66" -> named("a." + "b".repeat(253));
      case "V-67" -> named("a." + "b".repeat(254));
      default -> throw new IllegalArgumentException("no recipe for " + id);
    };
  }

  private static byte[] named(String interfaceName) {
    return RawMessage.empty(LITTLE_ENDIAN)
        .text(1, 'o', "/")
        .text(2, 's', interfaceName)
        .text(3, 's', "Ping")
        .bytes();
  }

  private static byte[] ping(String signature, byte[] body) {
    return RawMessage.ping(LITTLE_ENDIAN).signature(signature).body(body).bytes();
  }

  private static byte[] structs(int count, String inner, byte[] body) {
    return ping("(".repeat(count) + inner + ")".repeat(count), body);
  }

  /// Variants inside each other, and in the last of them a byte.
  static byte[] variants(int count, int value) {
    byte[] body = new byte[3 * count + 1];
    for (int i = 0; i < count; i++) {
      body[3 * i] = 1;
      body[3 * i + 1] = 'v';
    }
    body[3 * count - 2] = 'y';
    body[3 * count] = (byte) value;
    return body;
  }

  /// 32 arrays of one element inside each other, and in the last of them 32 structs.
  private static byte[] arraysOfStructs(String inner, byte[] value) {
    ByteBuffer body = ByteBuffer.allocate(128 + value.length).order(LITTLE_ENDIAN);
    for (int i = 1; i <= 32; i++) {
      body.putInt(body.capacity() - 4 * i);
    }
    return ping("a".repeat(32) + "(".repeat(32) + inner + ")".repeat(32), body.put(value).array());
  }
}
