package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Speaks with a handshake in text. Each character is one byte.
final class Talk {
  static final String NUL = "\0";

  private Talk() {}

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  /// Lines with their ends.
  static String lines(String... lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append("\r\n");
    }
    return text.toString();
  }

  /// Hands over the text and takes all that is to be sent.
  static String say(Handshake handshake, String text) {
    ByteBuffer in = bytes(text);
    handshake.receive(in);
    return text(handshake.takeOutput());
  }

  /// Like [#say], for one line; the answer comes without the end of its last line. Blanks before
  /// that are of the answer.
  static String sayLine(Handshake handshake, String line) {
    String answer = say(handshake, line + "\r\n");
    if (answer.isEmpty()) {
      return answer;
    }
    assertTrue(answer.endsWith("\r\n"), () -> "half a line: " + answer);
    return answer.substring(0, answer.length() - 2);
  }

  /// All ways to cut the text into at most three pieces, and the one into single bytes.
  static List<List<String>> splits(String text) {
    List<List<String>> splits = new ArrayList<>();
    splits.add(text.chars().mapToObj(Character::toString).toList());
    for (int i = 0; i <= text.length(); i++) {
      for (int j = i; j <= text.length(); j++) {
        splits.add(List.of(text.substring(0, i), text.substring(i, j), text.substring(j)));
      }
    }
    return splits;
  }

  static String hex(String text) {
    return Payload.ofText(text).hex();
  }
}
