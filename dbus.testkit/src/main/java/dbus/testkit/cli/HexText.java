package dbus.testkit.cli;

import dbus.wire.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Bytes written as hexadecimal digits: plain, or in the columns of `xxd`, `hexdump -C` and `od -Ax
/// -tx1`, which begin each line with its offset.
final class HexText {

  /// No message begins with the byte 0, so this is an offset.
  private static final String FIRST_OFFSET = "0{4,16}:?";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private HexText() {}

  /// Reads a text.
  static byte[] parse(byte[] text) throws NoHexException {
    List<String> lines = new String(text, StandardCharsets.ISO_8859_1).lines().toList();
    boolean columns =
        lines.stream()
            .filter(line -> !line.isBlank())
            .findFirst()
            .map(line -> line.strip().split("\\s", 2)[0].matches(FIRST_OFFSET))
            .orElse(false);
    HexText hex = new HexText();
    int number = 0;
    for (String line : lines) {
      number++;
      hex.digits(columns ? hex.withoutColumns(line.strip(), number) : line, number);
    }
    return hex.bytes.toByteArray();
  }

  /// Takes the offset away, which must be right, and the text at the end of the line.
  private String withoutColumns(String line, int number) throws NoHexException {
    if (line.isEmpty()) {
      return line;
    }
    String[] parts = line.split("\\s+", 2);
    boolean xxd = parts[0].endsWith(":");
    String offset = xxd ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
    if (!offset.equals(String.format("%0" + offset.length() + "x", bytes.size()))) {
      throw new NoHexException(
          number,
          "the line begins with its offset in hexadecimal, here "
              + String.format("%x", bytes.size())
              + ", with no lines left out (hexdump -v)");
    }
    String rest = parts.length == 1 ? "" : parts[1];
    if (xxd) {
      return rest.split(" {2}", 2)[0];
    }
    rest = rest.split("[|>]", 2)[0].strip();
    if (!rest.isEmpty()
        && !Arrays.stream(rest.split("\\s+")).allMatch(group -> group.length() == 2)) {
      throw new NoHexException(
          number, "behind an offset stand single bytes, as hexdump -C prints them");
    }
    return rest;
  }

  private void digits(String line, int number) throws NoHexException {
    int high = -1;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ' ' || c == '\t') {
        continue;
      }
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new NoHexException(
            number, "there are only hexadecimal digits, not " + Printable.of(String.valueOf(c), 1));
      }
      if (high < 0) {
        high = digit;
      } else {
        bytes.write((high << 4) | digit);
        high = -1;
      }
    }
    if (high >= 0) {
      throw new NoHexException(number, "a line has an even number of digits");
    }
  }

  /// The text is not what it should be.
  static final class NoHexException extends Exception {
    private static final long serialVersionUID = 1;

    NoHexException(int line, String problem) {
      super("line " + line + ": " + problem);
    }
  }
}
