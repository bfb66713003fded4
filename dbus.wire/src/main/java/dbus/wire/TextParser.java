package dbus.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Reads a text in GVariant notation into nodes; which types they have is found out later, by
/// [TextTypes]. The recursion is bounded by the limit on nesting, which is checked before each step
/// down.
final class TextParser {
  private static final Map<String, BasicType> KEYWORDS =
      Map.ofEntries(
          Map.entry("boolean", BasicType.BOOLEAN),
          Map.entry("byte", BasicType.BYTE),
          Map.entry("int16", BasicType.INT16),
          Map.entry("uint16", BasicType.UINT16),
          Map.entry("int32", BasicType.INT32),
          Map.entry("uint32", BasicType.UINT32),
          Map.entry("int64", BasicType.INT64),
          Map.entry("uint64", BasicType.UINT64),
          Map.entry("double", BasicType.DOUBLE),
          Map.entry("handle", BasicType.UNIX_FD),
          Map.entry("string", BasicType.STRING),
          Map.entry("objectpath", BasicType.OBJECT_PATH),
          Map.entry("signature", BasicType.SIGNATURE));

  private final String text;
  private int at;

  TextParser(String text) {
    this.text = text;
  }

  TextNode parse() {
    TextNode node = value(0);
    skipSpace();
    if (at < text.length()) {
      throw fault(at, "the value ends before");
    }
    return node;
  }

  InvalidValueTextException fault(int position, String problem) {
    return new InvalidValueTextException(text, position, problem);
  }

  /// Reads a value that stands inside `depth` containers.
  private TextNode value(int depth) {
    char c = peek();
    int start = at;
    return switch (c) {
      case '[' -> items(inside(depth));
      case '{' -> pairs(inside(depth));
      case '(' -> fields(inside(depth));
      case '<' -> {
        int inside = inside(depth);
        at++;
        TextNode inner = value(inside);
        require('>', "to end the variant");
        yield new TextNode.Boxed(start, inner);
      }
      case '@' -> {
        Type type = typeName();
        yield typed(start, type, depth);
      }
      case '\'', '"' -> new TextNode.Quoted(start, unescaped(quoted()));
      case 0 -> throw fault(at, "a value is expected");
      default -> {
        if (c == 'b' && at + 1 < text.length() && isQuote(text.charAt(at + 1))) {
          inside(depth);
          at++;
          yield new TextNode.ByteText(start, quoted());
        }
        yield word(start, depth);
      }
    };
  }

  /// A number, `true`, `false`, or the name of a type before a value.
  private TextNode word(int start, int depth) {
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.isEmpty()) {
      throw fault(at, "a value is expected");
    }
    char first = word.charAt(0);
    if (!isLetter(first) || word.equals("inf") || word.equals("nan")) {
      return new TextNode.Numeral(start, word);
    }
    if (word.equals("true") || word.equals("false")) {
      return new TextNode.Truth(start, word.equals("true"));
    }
    BasicType type = KEYWORDS.get(word);
    if (type == null) {
      throw fault(
          start,
          word.equals("just") || word.equals("nothing")
              ? "D-Bus has no maybe types"
              : "this is no value and no name of a type");
    }
    return typed(start, type, depth);
  }

  /// Reads the value behind the name of its type. A second name would say nothing new, and names
  /// without end would nest without end.
  private TextNode typed(int start, Type type, int depth) {
    if (peek() == '@' || startsTypeName()) {
      throw fault(at, "one type is enough for a value");
    }
    return new TextNode.Typed(start, type, value(depth));
  }

  private boolean startsTypeName() {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return KEYWORDS.containsKey(text.substring(at, end));
  }

  private int inside(int depth) {
    if (depth == Nesting.MAX_IN_VALUE) {
      throw fault(at, "at most 64 containers stand inside each other");
    }
    return depth + 1;
  }

  private TextNode items(int depth) {
    int start = at++;
    List<TextNode> items = new ArrayList<>();
    while (!consume(']')) {
      if (!items.isEmpty()) {
        require(',', "or ']' behind an element");
      }
      items.add(value(depth));
    }
    return new TextNode.Items(start, items);
  }

  private TextNode pairs(int depth) {
    int start = at++;
    List<TextNode> keys = new ArrayList<>();
    List<TextNode> values = new ArrayList<>();
    while (!consume('}')) {
      if (!keys.isEmpty()) {
        require(',', "or '}' behind an entry");
      }
      int entry = inside(depth);
      keys.add(value(entry));
      require(':', "between key and value");
      values.add(value(entry));
    }
    return new TextNode.Pairs(start, keys, values);
  }

  private TextNode fields(int depth) {
    int start = at++;
    List<TextNode> fields = new ArrayList<>();
    if (consume(')')) {
      throw fault(start, "a struct has at least one field");
    }
    fields.add(value(depth));
    // One field needs its comma, which tells it from nothing but brackets.
    require(',', "behind the first field");
    while (!consume(')')) {
      if (fields.size() > 1) {
        require(',', "or ')' behind a field");
      }
      fields.add(value(depth));
    }
    return new TextNode.Fields(start, fields);
  }

  /// The type behind an `@`.
  private Type typeName() {
    int start = ++at;
    int open = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '(' || c == '{') {
        open++;
      } else if (c == ')' || c == '}') {
        open--;
      }
      if (open < 0 || isSpace(c) || c == ',' || c == ':' || c == ']' || c == '>') {
        break;
      }
      at++;
    }
    try {
      Signature signature = Signature.parse(text.substring(start, at));
      if (signature.isSingle()) {
        return signature.types().getFirst();
      }
    } catch (InvalidSignatureException e) {
      throw fault(start + e.position(), "the type behind @ is wrong: " + e.getMessage());
    }
    throw fault(start, "behind @ stands one complete type");
  }

  /// What stands between two quotes, as written.
  private String quoted() {
    char quote = text.charAt(at);
    int start = ++at;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length()) {
      throw fault(start - 1, "the quote is not closed");
    }
    return text.substring(start, at++);
  }

  /// Resolves the escapes of the string that has just been read.
  private String unescaped(String body) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    int start = at - 1 - body.length();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = body.charAt(++i);
      if (c == 'u' || c == 'U') {
        int digits = c == 'u' ? 4 : 8;
        out.appendCodePoint(character(body, i + 1, digits, start));
        i += digits;
      } else if (c != '\n') {
        int letter = TextEscapes.ofLetter(c);
        out.append(letter >= 0 ? (char) letter : c);
      }
    }
    return out.toString();
  }

  private int character(String body, int from, int digits, int start) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      if (i >= body.length() || !HexFormat.isHexDigit(body.charAt(i))) {
        throw fault(start + i, "an escape has " + digits + " hexadecimal digits here");
      }
      value = value << 4 | HexFormat.fromHexDigit(body.charAt(i));
    }
    if (value == 0 || !Character.isValidCodePoint(value) || isSurrogate(value)) {
      throw fault(start + from, "the escape is no character that a string can have");
    }
    return value;
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private void require(char c, String what) {
    if (!consume(c)) {
      throw fault(at, "'" + c + "' is expected " + what);
    }
  }

  private boolean consume(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  /// The next character that is no space, or 0 at the end.
  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isWord(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
  }
}
