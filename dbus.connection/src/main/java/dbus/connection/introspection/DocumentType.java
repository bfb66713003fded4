package dbus.connection.introspection;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The document type in front of introspection data, which nobody needs and which must be
/// well-formed all the same.
///
/// fcitx 4 leaves out the blank between its two identifiers. GLib reads that, so it is read here:
/// the blank is put in, and all else is left to the XML reader.
final class DocumentType {

  /// Up to where the blank is missing. No quantifier gives back what it has taken.
  private static final Pattern WITHOUT_BLANK =
      Pattern.compile("<!DOCTYPE\\s++node\\s++PUBLIC\\s++(?:\"[^\"]*+\"|'[^']*+')(?=[\"'])");

  private DocumentType() {}

  /// The text, with a blank where fcitx 4 has none.
  static String mended(String text) {
    Matcher type = WITHOUT_BLANK.matcher(text).region(start(text), text.length());
    return type.lookingAt()
        ? text.substring(0, type.end()) + " " + text.substring(type.end())
        : text;
  }

  /// Where the document type begins, if there is one: behind blanks, comments and instructions.
  private static int start(String text) {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("<?", at)) {
        at = behind("?>", text, at);
      } else if (text.startsWith("<!--", at)) {
        at = behind("-->", text, at + "<!--".length());
      } else {
        return at;
      }
    }
    return at;
  }

  private static int behind(String end, String text, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found + end.length();
  }
}
