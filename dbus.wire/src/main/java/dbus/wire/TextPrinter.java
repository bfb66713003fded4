package dbus.wire;

import java.util.List;

/// Prints values in the GVariant text notation, with the types that the reader of the text could
/// not guess. The recursion is bounded by what a value may hold.
final class TextPrinter {
  /// About as many characters are shown of a value where it is named, in an error or a log.
  private static final int EXCERPT = 200;

  private final StringBuilder out;
  private final int limit;

  /// A printer that stops at about so many characters.
  TextPrinter(StringBuilder out, int limit) {
    this.out = out;
    this.limit = limit;
  }

  static String print(Value value) {
    StringBuilder out = new StringBuilder();
    new TextPrinter(out, Integer.MAX_VALUE).value(value, true);
    return out.toString();
  }

  /// The beginning of a value's text, with the kind of the value in front: bounded, however large
  /// the value is that a peer sent (SEC-39).
  static String excerpt(Value value) {
    StringBuilder out = new StringBuilder(value.getClass().getSimpleName()).append(' ');
    int limit = out.length() + EXCERPT;
    new TextPrinter(out, limit).value(value, true);
    if (cut(out, limit)) {
      out.append('…');
    }
    return out.toString();
  }

  /// Cuts a text that is too long, but not in the middle of a character. Whether it was.
  static boolean cut(StringBuilder out, int limit) {
    if (out.length() <= limit) {
      return false;
    }
    out.setLength(Character.isHighSurrogate(out.charAt(limit - 1)) ? limit - 1 : limit);
    return true;
  }

  /// Prints a value; `typed` says whether its type has to be told. One that would stand behind the
  /// limit is left out.
  void value(Value value, boolean typed) {
    if (isFull()) {
      return;
    }
    switch (value) {
      case Value.Byte(int v) -> number(typed ? "byte " : "", String.format("0x%02x", v));
      case Value.Bool(boolean v) -> out.append(v);
      case Value.Int16(short v) -> number(typed ? "int16 " : "", Short.toString(v));
      case Value.UInt16(int v) -> number(typed ? "uint16 " : "", Integer.toString(v));
      case Value.Int32(int v) -> out.append(v);
      case Value.UInt32(long v) -> number(typed ? "uint32 " : "", Long.toString(v));
      case Value.Int64(long v) -> number(typed ? "int64 " : "", Long.toString(v));
      case Value.UInt64 v -> number(typed ? "uint64 " : "", v.value().toString());
      case Value.Double(double v) -> out.append(TextNumber.format(v));
      case Value.Str(String v) -> quoted(v);
      case Value.Path(ObjectPath v) -> {
        out.append(typed ? "objectpath " : "");
        quoted(v.value());
      }
      case Value.Sig(Signature v) -> {
        out.append(typed ? "signature " : "");
        quoted(v.toString());
      }
      case Value.UnixFd(int index) -> number(typed ? "handle " : "", Integer.toString(index));
      case Value.Variant(Value inner) -> {
        out.append('<');
        value(inner, true);
        out.append('>');
      }
      case Value.Array array -> array(array, typed);
      case Value.Struct(List<Value> fields) -> struct(fields, typed);
      case Value.Dict dict -> dict(dict, typed);
    }
  }

  private void number(String type, String digits) {
    out.append(type).append(digits);
  }

  private void array(Value.Array array, boolean typed) {
    if (array.items().isEmpty()) {
      empty(array, typed, "[]");
    } else if (TextBytes.isText(array)) {
      TextBytes.print(array, out, limit);
    } else {
      // The first element tells the type of the others.
      boolean first = true;
      out.append('[');
      for (Value item : array.items()) {
        if (isFull()) {
          return;
        }
        out.append(first ? "" : ", ");
        value(item, typed && first);
        first = false;
      }
      out.append(']');
    }
  }

  private void dict(Value.Dict dict, boolean typed) {
    if (dict.entries().isEmpty()) {
      empty(dict, typed, "{}");
      return;
    }
    boolean first = true;
    out.append('{');
    for (Value.Entry entry : dict.entries()) {
      if (isFull()) {
        return;
      }
      out.append(first ? "" : ", ");
      value(entry.key(), typed && first);
      out.append(": ");
      value(entry.value(), typed && first);
      first = false;
    }
    out.append('}');
  }

  private void empty(Value value, boolean typed, String brackets) {
    if (typed) {
      out.append('@').append(value.type()).append(' ');
    }
    out.append(brackets);
  }

  private void struct(List<Value> fields, boolean typed) {
    out.append('(');
    for (int i = 0; i < fields.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      value(fields.get(i), typed);
    }
    out.append(fields.size() == 1 ? ",)" : ")");
  }

  private boolean isFull() {
    return out.length() >= limit;
  }

  private void quoted(String text) {
    char quote = text.indexOf('\'') >= 0 ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length() && !isFull(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == quote || c == '\\') {
        out.append('\\').appendCodePoint(c);
      } else if (Printable.isShown(c)) {
        out.appendCodePoint(c);
      } else {
        out.append(TextEscapes.escape(c));
      }
    }
    out.append(quote);
  }
}
