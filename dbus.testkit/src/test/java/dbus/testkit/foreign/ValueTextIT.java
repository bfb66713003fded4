package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.wire.InvalidValueTextException;
import dbus.wire.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The GVariant text notation here and in GLib: the same types, the same texts, the same refusals.
class ValueTextIT {
  /// Texts on which both agree, right and wrong ones.
  private static final List<String> ALIKE =
      List.of(
          // Numbers.
          "5",
          "+5",
          "-5",
          "010",
          "-0x10",
          "0xFF",
          "1.",
          ".5",
          "5e3",
          "0.1",
          "1e300",
          "1e20",
          "1e16",
          "1e17",
          "0.0001",
          "0.00001",
          "123456789012345680.0",
          "-0.0",
          "inf",
          "-inf",
          "nan",
          "-nan",
          "1.5e3",
          "0x1.8p1",
          "@d 010",
          "@d 0x10",
          "@d 0x1.8p1",
          "@d 5",
          "@d inf",
          "2147483647",
          "2147483648",
          "-2147483648",
          "byte 255",
          "byte 256",
          "@y -1",
          "int16 -32768",
          "uint16 65536",
          "uint32 4294967295",
          "int64 -9223372036854775808",
          "@x 0x7fffffffffffffff",
          "uint64 18446744073709551615",
          "uint64 18446744073709551616",
          "@x -0x5",
          "handle 3",
          "1e400",
          "1e",
          "12abc",
          "--5",
          "@u 0b1",
          "infinity",
          "nano",
          "@q 'a'",
          "08",
          "0x",
          "1.2.3",
          // Texts.
          "''",
          "'a'",
          "\"it's\"",
          "'it\\'s'",
          "'\"'",
          "'both \\' and \"'",
          "'\\a\\b\\f\\n\\r\\t\\v'",
          "'a\\qb'",
          "'a\\\nb'",
          "'é€😀'",
          "'\\u0041\\U0001F600\\u200b\\u00ad'",
          "'\u00a0\u2003\u3000'",
          "'\\u0001\\u007f\\u0080'",
          "'\ue000'",
          "'\\u41'",
          "'a\\u0000b'",
          "'a",
          "'a\\",
          "@o '/a'",
          "objectpath '/'",
          "@o 'a'",
          "@g 'a{sv}'",
          "@g 'a{'",
          "signature ''",
          // Bytes.
          "b''",
          "b'abc'",
          "b'a\\377\\001\\n\\\\'",
          "b\"a'\"",
          "b'it\\'s'",
          "b'\"'",
          "b'é😀\\é'",
          "[byte 0]",
          "[byte 0x61, 0x00]",
          "[byte 0x61, 0x00, 0x00]",
          "[byte 1, 2]",
          "@ay []",
          // Containers.
          "true",
          "boolean false",
          "<1>",
          "<<uint32 5>>",
          "<>",
          "[1, 2]",
          "[1, 2.0]",
          "[1, byte 2]",
          "[@y 1, 2]",
          "[1, 'a']",
          "[1,]",
          "[1 2]",
          "[]",
          "@as []",
          "@as ['a']",
          "@aas [[]]",
          "[[], [1]]",
          "[[1], []]",
          "[<1>, <'a'>]",
          "@av [<1>]",
          "[{}, {'a': 1}]",
          "{}",
          "@a{sv} {}",
          "{'a': <1>}",
          "{1: <'x'>}",
          "{'a': @v <1>}",
          "@a{sv} {'a': 1}",
          "{uint16 1: byte 2, 3: 4}",
          "@a{ss} {'a': 'b', 'a': 'c'}",
          "{'a' 1}",
          "{<1>: 2}",
          "(1,)",
          "(1, 2)",
          "(1, 2,)",
          "( 1 , 2 )",
          "@(ii) (1,2)",
          "@(ii) (1, 2, 3)",
          "(uint32 1, 'x')",
          "[(1, 'a'), (2, 'b')]",
          "[(1, []), (2, ['b'])]",
          "[(1, 2), (3, 4.0)]",
          "['a', objectpath '/a']",
          "[objectpath '/a', '/b']",
          "@(i 5",
          "@i 1 2",
          "",
          " 5 ",
          "@i\t5",
          "((1,),)",
          "{'a': {'b': <@as []>}}",
          "[true, false]",
          "[int64 1, 2]",
          "[1, int64 2]");

  @Test
  @DisplayName("printed and parsed as GLib does")
  void asGlibDoes(@TempDir Path directory) throws Exception {
    ForeignProgram glib = ForeignProgram.python("gi", "variant_texts.py", directory);
    List<String> ours = new ArrayList<>();
    for (String text : ALIKE) {
      ours.add(answer(text));
    }
    List<String> theirs =
        glib.run(ALIKE.toArray(String[]::new)).expectSuccess().out().lines().toList();
    assertEquals(ours.size(), theirs.size());
    StringBuilder differences = new StringBuilder();
    for (int i = 0; i < ours.size(); i++) {
      if (!theirs.get(i).equals(ours.get(i))) {
        differences.append(
            "of %s GLib says %s, we say %s%n".formatted(ALIKE.get(i), theirs.get(i), ours.get(i)));
      }
    }
    assertEquals("", differences.toString());
  }

  private static String answer(String text) {
    try {
      Value value = Value.parse(text);
      return value.type() + " " + value.toText();
    } catch (InvalidValueTextException _) {
      return "refused";
    }
  }
}
