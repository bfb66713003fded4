package dbus.auth.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUTH-39 the name of a context")
class CookieContextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org_freedesktop_general",
        "org_gtk_gdbus_general",
        "org_freedesktop_java",
        "a",
        "~",
        "!"
      })
  void isAscii(String name) {
    assertEquals(Optional.of(new CookieContext(name)), CookieContext.of(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a.b",
        ".lock",
        "a/b",
        "/a",
        "../../tmp/x",
        "a\\b",
        "a b",
        " ",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\0b",
        "a\u007fb",
        "a\u001bb",
        "\u00e4",
        "\u20ac",
        "\ud83d\ude00"
      })
  void isNoPathAndHasNoBlanks(String name) {
    assertEquals(Optional.empty(), CookieContext.of(name));
    assertThrows(IllegalArgumentException.class, () -> new CookieContext(name));
  }

  @Test
  void isNotLongerThanAFileNameCanBe() {
    assertEquals(250, CookieContext.of("a".repeat(250)).orElseThrow().name().length());
    assertEquals(Optional.empty(), CookieContext.of("a".repeat(251)));
  }
}
