package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @Test
  @DisplayName("text of every script is shown as it is")
  void shown() {
    String text = "a 'text', Ünïcode, кириллица, 漢字, 😀, e\u0301, a\u00a0b";
    assertEquals(text, Printable.of(text, 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0", "\n", "\r", "\t", "\u001b", "\u007f", "\u0085", "\u00ad", "\u200b", "\u2028",
        "\u2029", "\u202e", "\ufeff", "\ud800", "\udc00", "\u0378", "\uffff"
      })
  @DisplayName("SEC-07: what controls a terminal, ends a line, or is no character is replaced")
  void replaced(String character) {
    assertFalse(Printable.isShown(character.codePointAt(0)));
    assertEquals("a\ufffdb", Printable.of("a" + character + "b", 100));
  }

  @Test
  @DisplayName("text that is too long is cut between two characters, and one says so")
  void cut() {
    assertEquals("", Printable.of("", 0));
    assertEquals("…", Printable.of("a", 0));
    assertEquals("😀😀", Printable.of("😀😀", 2));
    assertEquals("😀…", Printable.of("😀😀", 1));
    String cut = Printable.of("x".repeat(1_000_000), 200);
    assertTrue(cut.endsWith("x…"));
    assertEquals(201, cut.length());
  }

  @Test
  @DisplayName("the text notation of values shows the same characters")
  void sameAsNotation() {
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c == '\'' || c == '\\' || (c >= 0xd800 && c <= 0xdfff)) {
        continue;
      }
      String text = Character.toString(c);
      boolean shown = new Value.Str(text).toText().equals("'" + text + "'");
      assertEquals(
          shown, Printable.isShown(c), () -> "U+" + Integer.toHexString(text.codePointAt(0)));
    }
  }
}
