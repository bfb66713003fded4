package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Values in the GVariant text notation")
class ValueTextTest {
  /// Text, type, and what is printed.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          true                        | b       | true
          boolean false               | b       | false
          byte 7                      | y       | byte 0x07
          int16 -5                    | n       | int16 -5
          uint16 65535                | q       | uint16 65535
          5                           | i       | 5
          +5                          | i       | 5
          010                         | i       | 8
          -0x10                       | i       | -16
          uint32 4294967295           | u       | uint32 4294967295
          int64 -9223372036854775808  | x       | int64 -9223372036854775808
          uint64 18446744073709551615 | t       | uint64 18446744073709551615
          handle 3                    | h       | handle 3
          handle 2147483647           | h       | handle 2147483647
          [handle -1, 253]            | ah      | [handle -1, 253]
          1.                          | d       | 1.0
          .5                          | d       | 0.5
          0.1                         | d       | 0.10000000000000001
          1e300                       | d       | 1.0000000000000001e+300
          1e20                        | d       | 1e+20
          1e16                        | d       | 10000000000000000.0
          0.0001                      | d       | 0.0001
          0.00001                     | d       | 1.0000000000000001e-05
          0x1.8p1                     | d       | 3.0
          double 010                  | d       | 10.0
          -0.0                        | d       | -0.0
          inf                         | d       | inf
          -inf                        | d       | -inf
          nan                         | d       | nan
          -nan                        | d       | -nan
          'a'                         | s       | 'a'
          "it's"                      | s       | "it's"
          'both \\' and "'            | s       | "both ' and \\""
          'tab\\tq\\q\\\\'            | s       | 'tab\\tqq\\\\'
          '\\u0041\\U0001F600\\u200b' | s       | 'A😀\\u200b'
          objectpath '/a'             | o       | objectpath '/a'
          @g 'a{sv}'                  | g       | signature 'a{sv}'
          <1>                         | v       | <1>
          <<uint32 5>>                | v       | <<uint32 5>>
          [1, 2]                      | ai      | [1, 2]
          [1, 2.0]                    | ad      | [1.0, 2.0]
          [1, byte 2]                 | ay      | [byte 0x01, 0x02]
          b'abc'                      | ay      | b'abc'
          b'a\\377\\n\\\\'            | ay      | b'a\\377\\n\\\\'
          b"a'"                       | ay      | b"a'"
          b'a\\000b'                   | ay      | [byte 0x61, 0x00, 0x62, 0x00]
          [byte 0]                    | ay      | b''
          @ay []                      | ay      | @ay []
          @as []                      | as      | @as []
          [objectpath '/', '/b']      | ao      | [objectpath '/', '/b']
          [[], [1]]                   | aai     | [@ai [], [1]]
          @aas [[]]                   | aas     | [@as []]
          [{}, {'a': 1}]              | aa{si}  | [@a{si} {}, {'a': 1}]
          {uint16 1: byte 2, 3: 4}    | a{qy}   | {uint16 1: byte 0x02, 3: 0x04}
          {'a': <1>, 'b': <'x'>}      | a{sv}   | {'a': <1>, 'b': <'x'>}
          @a{sv} {}                   | a{sv}   | @a{sv} {}
          @a{sv} []                   | a{sv}   | @a{sv} {}
          (1,)                        | (i)     | (1,)
          ( uint32 1 , 'x' )          | (us)    | (uint32 1, 'x')
          @(ii) (1,2)                 | (ii)    | (1, 2)
          [(1, 'a'), (2, 'b')]        | a(is)   | [(1, 'a'), (2, 'b')]
          """)
  void parsedAndPrinted(String text, String type, String printed) {
    Value value = Value.parse(text);
    assertEquals(type, value.type().toString());
    assertEquals(printed, value.toText());
    assertEquals(value, Value.parse(value.toText()));
    assertEquals(value, Value.parse(value.type(), text));
  }

  /// Text, and what is wrong where.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                    |  0 | a value is expected
          <>                    |  1 | a value is expected
          5 6                   |  2 | the value ends before
          []                    |  0 | the type cannot be guessed; write it, as in @as []
          {}                    |  0 | the type cannot be guessed
          ()                    |  0 | a struct has at least one field
          (1)                   |  2 | ',' is expected behind the first field
          (1, 2,)               |  6 | a value is expected
          [1 2]                 |  3 | ',' is expected or ']' behind an element
          [1,]                  |  3 | a value is expected
          [1, 'a']              |  4 | the type is not that of what stands before
          {'a' 1}               |  5 | ':' is expected between key and value
          {'a', 1}              |  4 | ':' is expected between key and value
          {<1>: 2}              |  0 | no type fits
          <1                    |  2 | '>' is expected to end the variant
          'a                    |  0 | the quote is not closed
          'a\\                  |  0 | the quote is not closed
          '\\u41'               |  5 | an escape has 4 hexadecimal digits here
          'a\\u0000'            |  4 | the escape is no character
          '\\ud800'             |  3 | the escape is no character
          '\\U00110000'         |  3 | the escape is no character
          just 1                |  0 | D-Bus has no maybe types
          infinity              |  0 | this is no value and no name of a type
          12abc                 |  0 | this is no integer
          --5                   |  0 | this is no integer
          08                    |  0 | this is no integer
          1e400                 |  0 | the number is too big
          1e                    |  0 | this is no number
          1.5d                  |  0 | this is no number
          2147483648            |  0 | out of the range of type i
          byte 256              |  5 | out of range 0 to 255
          byte -1               |  5 | out of range 0 to 255
          handle 2147483648     |  7 | out of the range of type h
          handle -2147483649    |  7 | out of the range of type h
          uint64 18446744073709551616 | 7 | out of range
          @mi 5                 |  1 | the type behind @ is wrong
          @ii 5                 |  1 | one complete type
          @ 5                   |  1 | one complete type
          @(i 5                 |  3 | the type behind @ is wrong
          @q 'a'                |  3 | this is no value of type q
          @o 'a'                |  3 | no object path
          @g 'a{'               |  3 | not closed (at 2)
          uint32 @u 5           |  7 | one type is enough for a value
          @a{sv} {'a': 1}       | 13 | this is no value of type v
          @(ii) (1, 2, 3)       |  6 | this is no value of type (ii)
          """)
  void refused(String text, int position, String problem) {
    String full = text == null ? "" : text;
    InvalidValueTextException e =
        assertThrows(InvalidValueTextException.class, () -> Value.parse(full));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertEquals(position, e.position(), e.getMessage());
  }

  @Test
  @DisplayName("a wanted type decides what the text leaves open")
  void wantedType() {
    assertEquals(new Value.UInt64(BigInteger.valueOf(5)), Value.parse(BasicType.UINT64, "5"));
    assertEquals(new Value.Double(5), Value.parse(BasicType.DOUBLE, "5"));
    assertEquals(
        Value.Array.of(BasicType.STRING), Value.parse(new ArrayType(BasicType.STRING), "[]"));
    assertEquals(new Value.Path(ObjectPath.ROOT), Value.parse(BasicType.OBJECT_PATH, "'/'"));
    assertThrows(InvalidValueTextException.class, () -> Value.parse(BasicType.INT32, "uint32 5"));
    assertThrows(InvalidValueTextException.class, () -> Value.parse(BasicType.STRING, "5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "<", "(", "{", "@v <", "{1:", "uint32 "})
  @DisplayName("WIRE-23: nesting without end is refused by a counter, not by the stack")
  void endlessNesting(String step) {
    String text = step.repeat(1_000_000);
    InvalidValueTextException e =
        assertThrows(InvalidValueTextException.class, () -> Value.parse(text));
    assertTrue(e.position() < 1000, e.getMessage());
    assertTrue(e.getMessage().length() < 500, e.getMessage());
  }

  @Test
  @DisplayName("WIRE-27: a string with half a character is refused, not mended")
  void loneSurrogate() {
    assertThrows(InvalidValueTextException.class, () -> Value.parse("'\ud83d'"));
    assertThrows(InvalidValueTextException.class, () -> Value.parse("b'\ud83d'"));
    assertThrows(InvalidValueTextException.class, () -> Value.parse("b'\\\ud83d'"));
  }

  @Test
  @DisplayName("a dictionary keeps a key that is written twice, as one that was received does")
  void duplicateKeys() {
    assertEquals("{'a': 1, 'a': 2}", Value.parse("{'a': 1, 'a': 2}").toText());
  }

  @Test
  @DisplayName("every double is read back as it was")
  void doubles() {
    for (double d :
        List.of(Double.MIN_VALUE, Double.MAX_VALUE, Math.PI, 1 / 3.0, 123456789012345680.0, 1e-4)) {
      assertEquals(new Value.Double(d), Value.parse(new Value.Double(d).toText()));
      assertEquals(new Value.Double(-d), Value.parse(new Value.Double(-d).toText()));
    }
  }

  @Test
  @DisplayName("an escape has the sixteen digits that C knows, of no other script")
  void digitsOfOtherScripts() {
    assertEquals(new Value.Str("A"), Value.parse("'\\u0041'"));
    // Arabic, and full-width.
    for (String digits : List.of("\u0660\u0660\u0664\u0661", "\uff10\uff10\uff14\uff11")) {
      assertThrows(InvalidValueTextException.class, () -> Value.parse("'\\u" + digits + "'"));
      assertThrows(InvalidValueTextException.class, () -> Value.parse(digits));
      assertThrows(InvalidValueTextException.class, () -> Value.parse(BasicType.DOUBLE, digits));
      assertThrows(InvalidValueTextException.class, () -> Value.parse(BasicType.UNIX_FD, digits));
    }
  }
}
