package dbus.testkit.wire;

/// The grammar of signatures, written a second time by taking texts apart, slow and simple, so that
/// it owes nothing to the parser.
final class ReferenceGrammar {
  private static final String BASIC = "ybnqiuxtdsogh";

  private ReferenceGrammar() {}

  static boolean isSignature(String text) {
    return text.length() <= 255 && areTypes(text, 32, 32, false);
  }

  /// Whether the text is a row of complete types, with at least one if asked for.
  private static boolean areTypes(String text, int arrays, int structs, boolean atLeastOne) {
    if (text.isEmpty()) {
      return !atLeastOne;
    }
    int length = firstType(text, arrays, structs);
    return length > 0 && areTypes(text.substring(length), arrays, structs, false);
  }

  /// The length of the complete type that the text begins with, or 0.
  private static int firstType(String text, int arrays, int structs) {
    if (text.isEmpty()) {
      return 0;
    }
    if (BASIC.indexOf(text.charAt(0)) >= 0 || text.charAt(0) == 'v') {
      return 1;
    }
    if (text.charAt(0) == '(') {
      int end = closing(text);
      return end > 0 && structs > 0 && areTypes(text.substring(1, end), arrays, structs - 1, true)
          ? end + 1
          : 0;
    }
    if (text.charAt(0) != 'a' || arrays == 0) {
      return 0;
    }
    if (!text.startsWith("a{")) {
      int element = firstType(text.substring(1), arrays - 1, structs);
      return element > 0 ? 1 + element : 0;
    }
    int end = closing(text.substring(1)) + 1;
    if (end < 4 || BASIC.indexOf(text.charAt(2)) < 0) {
      return 0;
    }
    String value = text.substring(3, end);
    return firstType(value, arrays - 1, structs) == value.length() ? end + 1 : 0;
  }

  /// Where the bracket that the text begins with is closed, brackets of both kinds being nested
  /// properly, or −1.
  private static int closing(String text) {
    StringBuilder open = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '{') {
        open.append(c == '(' ? ')' : '}');
      } else if (c == ')' || c == '}') {
        if (open.charAt(open.length() - 1) != c) {
          return -1;
        }
        open.setLength(open.length() - 1);
        if (open.isEmpty()) {
          return i;
        }
      }
    }
    return -1;
  }
}
