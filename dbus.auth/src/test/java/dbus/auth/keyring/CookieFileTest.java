package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieFileTest {
  private static final long NOW = 1_700_000_000;

  private static CookieFile parse(String text) {
    return CookieFile.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(CookieFile file) {
    return new String(file.bytes(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0 0 00\n",
        "2147483647 1700000000 ab\n",
        "999999999999999999 1700000000 ab\n",
        "1 1700000000 00112233445566778899aabbccddeeff0011223344556677\n2 1700000001 ff\n"
      })
  @DisplayName("AUTH-41 a line is a number, seconds since 1970, and hex")
  void aLine(String text) {
    CookieFile file = parse(text);

    assertEquals(text, text(file));
    assertFalse(file.isChanged());
  }

  static final List<String> MALFORMED =
      List.of(
          "",
          " ",
          "1",
          "1 ",
          "1 2",
          "1 2 ",
          " 1 2 ab",
          "1  2 ab",
          "1 2  ab",
          "1 2 ab ",
          "1 2 ab cd",
          "1 2 abc",
          "1 2 xy",
          "1 2 AB",
          "1 2 a`",
          "1 2 /0",
          "1 2 :0",
          "1 2 g0",
          "1 2 ab\r",
          "1\t2\tab",
          "-1 2 ab",
          "+1 2 ab",
          "01 2 ab",
          "1000000000000000000 2 ab",
          "99999999999999999999 2 ab",
          "a 2 ab",
          "1 -2 ab",
          "1 x ab",
          "1 999999999999 ab",
          "\u00e4 2 ab",
          "1 2 \u00e4\u00e4");

  @ParameterizedTest
  @FieldSource("MALFORMED")
  @DisplayName("AUTH-41 a malformed line is passed over and not kept")
  void aMalformedLine(String line) {
    CookieFile file = parse("5 6 ab\n" + line + "\n7 8 cd\n");

    assertEquals("5 6 ab\n7 8 cd\n", text(file));
    assertTrue(file.isChanged());
  }

  @Test
  @DisplayName("AUTH-41 a last line without its end is a line, and gets its end")
  void aLastLineWithoutEnd() {
    assertEquals("1 2 ab\n", text(parse("1 2 ab")));
  }

  @Test
  @DisplayName("AUTH-46 of two cookies with one id the first counts")
  void twoCookiesWithOneId() {
    CookieFile file = parse("1 2 ab\n1 3 cd\n");

    assertEquals("1 2 ab\n", text(file));
    assertTrue(file.isChanged());
    assertArrayEquals(
        "ab".getBytes(StandardCharsets.US_ASCII), file.find(1).orElseThrow().secret());
    assertEquals(Optional.empty(), file.find(2));
  }

  @Test
  @DisplayName("AUTH-43 the freshest cookie is the one with the longest time before it")
  void theFreshest() {
    CookieFile file = parse("1 %d aa\n2 %d bb\n3 %d cc\n".formatted(NOW - 299, NOW - 3, NOW - 301));

    assertEquals(2, file.freshest(NOW).orElseThrow().id());
    assertEquals(Optional.empty(), file.freshest(NOW + 298));
  }

  @Test
  @DisplayName("AUTH-45 a full file loses its oldest cookie to a new one")
  void aFullFile() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      text.append(i).append(' ').append(i == 100 ? 1 : 1000 + i).append(" ab\n");
    }
    CookieFile file = parse(text.toString());
    assertFalse(file.isChanged());

    file.add(new Cookie(999, 5000, new byte[] {'c', 'd'}));

    assertTrue(file.isChanged());
    assertEquals(256, text(file).lines().count());
    assertTrue(text(file).endsWith("\n999 5000 cd\n"));
    assertEquals(Optional.empty(), file.find(100));
    assertTrue(file.find(0).isPresent());
  }

  @Test
  @DisplayName("secrets are overwritten when a file is closed, and when a cookie is dropped")
  void secretsAreOverwritten() {
    CookieFile file = parse("1 %d aa\n2 1 bb\n".formatted(NOW));
    Cookie kept = file.find(1).orElseThrow();
    Cookie dropped = file.find(2).orElseThrow();
    byte[] copy = kept.secret();

    file.prune(NOW);
    assertArrayEquals(new byte[2], dropped.secret());
    assertArrayEquals(new byte[] {'a', 'a'}, kept.secret());
    file.close();

    assertArrayEquals(new byte[2], kept.secret());
    assertArrayEquals(new byte[] {'a', 'a'}, copy);
  }

  @Test
  @DisplayName("a cookie prints itself without its secret")
  void aCookiePrintsItselfWithoutItsSecret() {
    assertEquals("cookie 1 of 2", parse("1 2 abcdef\n").find(1).orElseThrow().toString());
  }
}
