package dbus.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the type that a text in GVariant notation has where it names none.
///
/// A pattern is a signature in which `N` stands for any number, `S` for a string, path or
/// signature, and `*` for any complete type. Elements of an array share the pattern that fits all
/// of them.
final class TextTypes {
  private static final String NUMBERS = "ynqiuxthdN";
  private static final String TEXTS = "sogS";

  private final TextParser parser;

  TextTypes(TextParser parser) {
    this.parser = parser;
  }

  /// The type of a node: INT32 and STRING where the text leaves it open.
  Type infer(TextNode node) {
    String pattern = pattern(node);
    if (pattern.indexOf('*') >= 0) {
      throw parser.fault(node.at(), "the type cannot be guessed; write it, as in @as []");
    }
    try {
      return Signature.parse(pattern.replace('N', 'i').replace('S', 's')).types().getFirst();
    } catch (InvalidSignatureException e) {
      throw parser.fault(node.at(), "no type fits: " + e.getMessage());
    }
  }

  private String pattern(TextNode node) {
    return switch (node) {
      case TextNode.Truth _ -> "b";
      case TextNode.Numeral(int _, String text) -> TextNumber.looksLikeDouble(text) ? "d" : "N";
      case TextNode.Quoted _ -> "S";
      case TextNode.ByteText _ -> "ay";
      case TextNode.Boxed _ -> "v";
      case TextNode.Typed(int _, Type type, TextNode _) -> type.toString();
      case TextNode.Items(int _, List<TextNode> items) -> "a" + common(items);
      case TextNode.Pairs(int _, List<TextNode> keys, List<TextNode> values) ->
          "a{" + common(keys) + common(values) + "}";
      case TextNode.Fields(int _, List<TextNode> fields) -> {
        StringBuilder out = new StringBuilder("(");
        fields.forEach(field -> out.append(pattern(field)));
        yield out.append(')').toString();
      }
    };
  }

  private String common(List<TextNode> nodes) {
    String common = "*";
    for (TextNode node : nodes) {
      String found = common(common, pattern(node));
      if (found == null) {
        throw parser.fault(node.at(), "the type is not that of what stands before");
      }
      common = found;
    }
    return common;
  }

  /// The pattern that fits both, or null.
  private static @Nullable String common(String a, String b) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      char x = a.charAt(i);
      char y = b.charAt(j);
      if (x == '*' && isType(y)) {
        int end = afterType(b, j);
        out.append(b, j, end);
        i++;
        j = end;
      } else if (y == '*' && isType(x)) {
        int end = afterType(a, i);
        out.append(a, i, end);
        i = end;
        j++;
      } else {
        char fit = fit(x, y);
        if (fit == 0) {
          return null;
        }
        out.append(fit);
        i++;
        j++;
      }
    }
    return i == a.length() && j == b.length() ? out.toString() : null;
  }

  private static char fit(char x, char y) {
    if (x == y) {
      return x;
    }
    if ((x == 'N' && NUMBERS.indexOf(y) >= 0) || (x == 'S' && TEXTS.indexOf(y) >= 0)) {
      return y;
    }
    return (y == 'N' && NUMBERS.indexOf(x) >= 0) || (y == 'S' && TEXTS.indexOf(x) >= 0) ? x : 0;
  }

  private static boolean isType(char c) {
    return c != ')' && c != '}';
  }

  private static int afterType(String pattern, int from) {
    int at = from;
    while (pattern.charAt(at) == 'a') {
      at++;
    }
    int open = 0;
    do {
      char c = pattern.charAt(at++);
      if (c == '(' || c == '{') {
        open++;
      } else if (c == ')' || c == '}') {
        open--;
      }
    } while (open > 0);
    return at;
  }
}
