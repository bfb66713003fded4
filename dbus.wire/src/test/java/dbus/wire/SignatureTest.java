package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sss",
        "i(ii)",
        "(i(u)(y))",
        "a{i(v)}",
        "aaaai",
        "a(uuu)a{sv}",
        "a{yv}",
        "a{hv}",
        "a{ov}",
        "a{gv}",
        "a{dv}",
        "ybnqiuxtdsogvh"
      })
  @DisplayName("WIRE-31, WIRE-17: valid signatures, whose text comes back")
  void valid(String text) {
    assertTrue(Signature.isValid(text));
    assertEquals(text, Signature.parse(text).toString());
    assertEquals(text, Signature.of(Signature.parse(text).types().toArray(Type[]::new)).toString());
  }

  static Stream<String> invalid() {
    return Stream.of(
        "a",
        "a{s_}",
        "a{}",
        "a{i}",
        "{is}",
        "a{isi}",
        "a{aii}",
        "a{(ii)i}",
        "()",
        "(())",
        "(",
        ")",
        "(i",
        "i)",
        "((i)",
        "a{is",
        "a{i(u})",
        "w",
        "m",
        "\u0001",
        "r",
        "e",
        "*",
        "?",
        "@",
        "&",
        "^",
        "a{vs}",
        "a()",
        "a{",
        "a{s",
        "(a)",
        "{",
        "}",
        "s\u0000",
        "é",
        "\u0173",
        "ﬀ",
        // SEC-02: containers as keys.
        "a{(s)s}",
        "a{{ss}s}",
        "a{ass}");
  }

  @ParameterizedTest
  @MethodSource("invalid")
  @DisplayName("WIRE-30, WIRE-04, WIRE-16, WIRE-17, SEC-02: invalid signatures")
  void invalid(String text) {
    assertFalse(Signature.isValid(text));
    assertThrows(InvalidSignatureException.class, () -> Signature.parse(text));
  }

  @Test
  @DisplayName("WIRE-04: by itself a type is one of fourteen characters, and no other")
  void typeCodes() {
    for (char c = 0; c < 0x200; c++) {
      assertEquals(
          "ybnqiuxtdsogvh".indexOf(c) >= 0,
          Signature.isValid(String.valueOf(c)),
          Integer.toHexString(c));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a        | 1 | the array lacks its element type",
        "is()     | 3 | a struct has at least one field",
        "a{sv     | 4 | \"}\" is missing",
        "a{isi}   | 4 | \"}\" is missing",
        "a{vs}    | 2 | the key of a dict entry is a basic type",
        "{sv}     | 0 | only as the element of an array",
        "si*      | 2 | \"*\" is no type code",
        "(i       | 2 | not closed",
        "a{       | 2 | not closed",
        "i)       | 1 | closes no struct",
      })
  @DisplayName("an error says what and where")
  void errors(String text, int position, String problem) {
    InvalidSignatureException e =
        assertThrows(InvalidSignatureException.class, () -> Signature.parse(text));
    assertEquals(position, e.position(), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith("\"" + text + "\""), e.getMessage());
  }

  @Test
  @DisplayName("WIRE-21: 32 arrays, 32 structs, and 32 of each; 33 are too many")
  void nesting() {
    assertTrue(Signature.isValid("a".repeat(32) + "y"));
    assertFalse(Signature.isValid("a".repeat(33) + "y"));
    assertTrue(Signature.isValid("(".repeat(32) + "y" + ")".repeat(32)));
    assertFalse(Signature.isValid("(".repeat(33) + "y" + ")".repeat(33)));
    assertTrue(Signature.isValid("a".repeat(32) + "(".repeat(32) + "y" + ")".repeat(32)));
    // Not only those side by side are counted, and only those inside each other.
    assertTrue(Signature.isValid("(a".repeat(31) + "(y)" + ")".repeat(31)));
    assertFalse(Signature.isValid("(a".repeat(32) + "(y)" + ")".repeat(32)));
    assertFalse(Signature.isValid("a(".repeat(32) + "ay" + ")".repeat(32)));
    assertTrue(Signature.isValid("(y)".repeat(40) + "aay".repeat(40)));
    assertTrue(Signature.isValid("a{y".repeat(32) + "y" + "}".repeat(32)));
    assertFalse(Signature.isValid("a{y".repeat(33) + "y" + "}".repeat(33)));
  }

  @Test
  @DisplayName("WIRE-21: types built by hand keep the limits too")
  void nestingOfTypes() {
    Type array = BasicType.BYTE;
    Type struct = BasicType.BYTE;
    for (int i = 0; i < 32; i++) {
      array = new ArrayType(array);
      struct = StructType.of(struct);
    }
    Type deepArray = array;
    Type deepStruct = struct;
    assertThrows(IllegalArgumentException.class, () -> new ArrayType(deepArray));
    assertThrows(IllegalArgumentException.class, () -> StructType.of(deepStruct));
    assertThrows(IllegalArgumentException.class, () -> StructType.of());
    DictEntryType entry = new DictEntryType(BasicType.STRING, VariantType.VARIANT);
    assertThrows(IllegalArgumentException.class, () -> StructType.of(entry));
    assertThrows(IllegalArgumentException.class, () -> new DictEntryType(BasicType.STRING, entry));
    assertThrows(IllegalArgumentException.class, () -> Signature.of(entry));
  }

  @Test
  @DisplayName("WIRE-30, WIRE-31: 255 bytes fit, 256 do not")
  void length() {
    assertEquals(255, Signature.parse("y".repeat(255)).types().size());
    assertThrows(InvalidSignatureException.class, () -> Signature.parse("y".repeat(256)));
  }

  @Test
  @DisplayName("the tree has the structure of the text")
  void tree() {
    assertEquals(
        List.of(
            new ArrayType(new DictEntryType(BasicType.STRING, VariantType.VARIANT)),
            StructType.of(BasicType.INT32, new ArrayType(new ArrayType(BasicType.BYTE)))),
        Signature.parse("a{sv}(iaay)").types());
  }

  @Test
  void equalityIsByText() {
    assertEquals(Signature.parse("a{sv}"), Signature.parse("a{sv}"));
    assertEquals(Signature.parse("a{sv}").hashCode(), Signature.parse("a{sv}").hashCode());
    assertFalse(Signature.parse("s").equals(Signature.parse("o")));
    assertTrue(Signature.parse("as").isExactly(new ArrayType(BasicType.STRING)));
    assertFalse(Signature.parse("asas").isExactly(new ArrayType(BasicType.STRING)));
    assertTrue(Signature.EMPTY.isEmpty());
    assertFalse(Signature.EMPTY.isSingle());
  }

  @Test
  @DisplayName("a signature used again is the cached one")
  void cached() {
    assertSame(Signature.parse("a(isad)"), Signature.parse("a(isad)"));
  }

  @Test
  @DisplayName("SEC-24: all texts up to 6 characters over aiv(){} agree with a simple grammar")
  void agreesWithAReference() {
    int valid = compare("", 0);
    // How many there are: a count that goes wrong as soon as both parsers do, differently.
    assertTrue(valid > 1000, "only " + valid);
  }

  private static int compare(String text, int length) {
    boolean expected = reference(text);
    assertEquals(expected, Signature.isValid(text), text);
    int count = expected ? 1 : 0;
    if (length < 6) {
      for (char c : "aiv(){}".toCharArray()) {
        count += compare(text + c, length + 1);
      }
    }
    return count;
  }

  /// Rewrites complete types to `T` until nothing changes.
  private static boolean reference(String text) {
    String before;
    String now = text.replace('v', 'T');
    do {
      before = now;
      now =
          now.replaceAll("a\\{iT\\}", "T")
              .replaceAll("a\\{ii\\}", "T")
              .replaceAll("\\([Ti]+\\)", "T")
              .replaceAll("a[Ti]", "T");
    } while (!now.equals(before));
    return now.matches("[Ti]*");
  }
}
