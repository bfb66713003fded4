package dbus.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Escaping, and the views of a value.
class AddressValueTest {
  private static final String BARE =
      "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/.\\*";

  @Test
  @DisplayName("ADDR-02 exactly the optionally-escaped bytes may stand bare")
  void bareBytes() {
    StringBuilder bare = new StringBuilder();
    for (char c = 0; c < 0x180; c++) {
      try {
        AddressValue.parse(Character.toString(c));
        bare.append(c);
      } catch (AddressException _) {
        // Not one of them.
      }
    }

    assertEquals(sorted(BARE), sorted(bare.toString()));
  }

  @Test
  @DisplayName("ADDR-02, ADDR-05, ADDR-06 each byte is written bare or as two lower-case digits")
  void everyByteIsWritten() {
    for (int b = 1; b < 256; b++) {
      boolean isBare = BARE.indexOf(b) >= 0 && b != '*';
      String expected = isBare ? Character.toString(b) : "%%%02x".formatted(b);

      assertEquals(expected, AddressValue.of(new byte[] {(byte) b}).toString());
    }
  }

  @ParameterizedTest
  @DisplayName("ADDR-03 two digits of either case are read, also where no escape is needed")
  @CsvSource({"%20%20,'  '", "%24,$", "%25,%", "%c3%b6,ö", "%C3%B6,ö", "%61,a", "a%2Cb,'a,b'"})
  void unescapes(String escaped, String text) {
    assertEquals(AddressValue.of(text), AddressValue.parse(escaped));
    assertEquals(Optional.of(text), AddressValue.parse(escaped).text());
  }

  @ParameterizedTest
  @DisplayName("ADDR-04 a bad escape, or a byte that must be escaped, is refused with its place")
  @CsvSource({
    "%,0",
    "%a,0",
    "%q,0",
    "%az,0",
    "%%,0",
    "%$$,0",
    "abc%a,3",
    "%axyz,0",
    "$,0",
    "' ',0",
    "~,0",
    "ö,0",
    "ab:c,2",
    "%+1,0",
    "%-1,0",
    "a%2\u0660,1"
  })
  void refuses(String escaped, int position) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> AddressValue.parse(escaped));

    assertEquals(position, wrong.position());
  }

  @Test
  @DisplayName("ADDR-04 the error tells how to escape")
  void errorTellsTheEscape() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unix:path=/tmp/ö"));

    assertEquals(
        "unix:path=/tmp/ö: \"ö\" stands unescaped in a value (at 15); write %c3%b6",
        wrong.getMessage());
    assertEquals(
        "write %f0%9f%9a%8c",
        assertThrows(AddressException.class, () -> AddressValue.parse("\uD83D\uDE8C")).remedy());
    assertEquals(
        "leave it out, it is half of a character",
        assertThrows(AddressException.class, () -> AddressValue.parse("\uD83D")).remedy());
  }

  @ParameterizedTest
  @DisplayName("ADDR-07 a NUL byte is refused")
  @ValueSource(strings = {"%00", "a%00", "%00a"})
  void nul(String escaped) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> AddressValue.parse(escaped));

    assertEquals("a NUL byte in a value", wrong.problem());
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of("a\0"));
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of(new byte[1]));
  }

  @Test
  @DisplayName("ADDR-09 an empty value is refused")
  void empty() {
    assertThrows(AddressException.class, () -> AddressValue.parse(""));
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of(""));
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of(Path.of("")));
  }

  @Test
  @DisplayName("ADDR-05 values are compared unescaped")
  void comparedUnescaped() {
    assertEquals(AddressValue.parse("%3A%7e*"), AddressValue.parse("%3a%7E%2a"));
    assertEquals("%3a%7e%2a", AddressValue.parse("%3A%7E*").toString());
  }

  @Test
  @DisplayName("half of a surrogate pair is no text")
  void halfSurrogatePair() {
    assertThrows(IllegalArgumentException.class, () -> AddressValue.of("a\uD83D"));
  }

  @Test
  @DisplayName("bytes that are no UTF-8 are kept, and have no text")
  void bytesThatAreNoText() {
    AddressValue value = AddressValue.parse("/tmp/%ff%fe");

    assertArrayEquals("/tmp/\u00ff\u00fe".getBytes(StandardCharsets.ISO_8859_1), value.bytes());
    assertEquals(Optional.empty(), value.text());
    assertEquals(7, value.length());
    assertEquals("/tmp/%ff%fe", value.toString());
  }

  @Test
  @DisplayName("bytes are copied on the way in and on the way out")
  void immutable() {
    byte[] given = {'a'};
    AddressValue value = AddressValue.of(given);
    given[0] = 'b';
    value.bytes()[0] = 'c';

    assertEquals("a", value.toString());
  }

  @ParameterizedTest
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("a path has the same bytes on both ways, relative or not, text or not")
  @ValueSource(
      strings = {
        "/tmp/x",
        "x/y",
        "/",
        "/tmp/%c3%b6",
        "%c3%b6",
        "/tmp/%ff%fe",
        "%ff/y",
        "/a%25b%ff",
        "/a%2ab%5cc%20%ff"
      })
  void pathKeepsItsBytes(String escaped) {
    AddressValue value = AddressValue.parse(escaped);

    assertEquals(value, AddressValue.of(value.toPath()));
    assertEquals(escaped.startsWith("/"), value.toPath().isAbsolute());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("the path of a directory that exists has no slash at its end")
  void directoryThatExists(@TempDir Path parent) throws IOException {
    AddressValue value = AddressValue.parse(AddressValue.of(parent) + "/%c3%bf");
    Files.createDirectory(value.toPath());

    assertEquals(value, AddressValue.of(value.toPath()));
  }

  @Test
  @DisplayName("a path of another file system is refused")
  void otherFileSystem(@TempDir Path parent) throws IOException {
    URI zip = URI.create("jar:" + parent.resolve("a.zip").toUri());
    try (FileSystem other = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = other.getPath("/socket");

      assertThrows(IllegalArgumentException.class, () -> UnixPath.of(inside));
    }
  }

  private static String sorted(String text) {
    return text.chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @ParameterizedTest
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("ADDR-29 a path goes up where it says so, also if it is not ASCII")
  @CsvSource({
    "../%c3%a9/s, 3, ..",
    "a/../%c3%a9, 3, a",
    "../../%ff, 3, ..",
    "./%c3%a9/.., 3, .",
    "/a/../%c3%a9, 3, a",
    "../e/s, 3, ..",
    "%c3%a9, 1, ",
  })
  void upwards(String escaped, int names, String first) {
    AddressValue value = AddressValue.parse(escaped);
    Path path = value.toPath();
    assertEquals(names, path.getNameCount(), path::toString);
    if (first != null) {
      assertEquals(first, path.getName(0).toString());
    }
    assertEquals(value, AddressValue.of(path));
    assertEquals(
        escaped.startsWith("/")
            ? escaped
            : AddressValue.of(Path.of("").toAbsolutePath()) + "/" + escaped,
        value.toAbsolutePath().toString());
  }

  @ParameterizedTest
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("a path has no needless slashes, ASCII or not")
  @CsvSource({
    "//e///s//, /e/s",
    "//%c3%a9///s//, /%c3%a9/s",
    "e//s//, e/s",
    "%c3%a9//..//, %c3%a9/.."
  })
  void needlessSlashes(String escaped, String expected) {
    assertEquals(
        AddressValue.parse(expected), AddressValue.of(AddressValue.parse(escaped).toPath()));
    assertEquals(AddressValue.parse(expected).toPath(), AddressValue.parse(escaped).toPath());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("ADDR-29 what is above a link is for the system to say")
  void aboveALink(@TempDir Path directory) throws IOException {
    Path target = Files.createDirectories(directory.resolve("elsewhere/target"));
    Files.createSymbolicLink(directory.resolve("link"), target);
    AddressValue value = AddressValue.parse(AddressValue.of(directory) + "/link/../%c3%a9");
    Files.createDirectory(value.toPath());
    Path elsewhere = directory.resolve("elsewhere");
    assertTrue(
        Files.exists(AddressValue.parse(AddressValue.of(elsewhere) + "/%c3%a9").toPath()),
        "beside the target of the link");
    assertFalse(
        Files.exists(AddressValue.parse(AddressValue.of(directory) + "/%c3%a9").toPath()),
        "beside the link");
  }
}
