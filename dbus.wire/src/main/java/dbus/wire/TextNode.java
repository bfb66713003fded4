package dbus.wire;

import java.util.List;

/// What a text in GVariant notation says before its types are known. Each node knows where it
/// begins in the text.
sealed interface TextNode {
  int at();

  /// `true`, `false`.
  record Truth(int at, boolean value) implements TextNode {}

  /// `5`, `-0x10`, `1.5e3`, `inf`.
  record Numeral(int at, String text) implements TextNode {}

  /// `'a'`, `"a"`.
  record Quoted(int at, String text) implements TextNode {}

  /// `b'a'`; the body between the quotes, as written.
  record ByteText(int at, String body) implements TextNode {}

  /// `[a, b]`.
  record Items(int at, List<TextNode> items) implements TextNode {}

  /// `{a: b, c: d}`; as many keys as values.
  record Pairs(int at, List<TextNode> keys, List<TextNode> values) implements TextNode {}

  /// `(a, b)`, `(a,)`.
  record Fields(int at, List<TextNode> fields) implements TextNode {}

  /// `<a>`.
  record Boxed(int at, TextNode inner) implements TextNode {}

  /// `@t a`, `uint32 a`.
  record Typed(int at, Type type, TextNode inner) implements TextNode {}
}
