package dbus.address;

/// An address that cannot be understood, or cannot be used for what it was given for.
///
/// It is unchecked because addresses come from configuration, as texts for [java.net.URI#create]
/// do. The message holds all parts:
///
/// ```text
/// tcp:host=localhost,port=65536: port "65536" is out of range (at 24); write 0 to 65535
/// ```
public final class AddressException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /// A longer text is cut in the message; [#text] has all of it.
  private static final int LONGEST_TEXT_IN_MESSAGE = 400;

  private final AddressError error;
  private final String text;
  private final int position;
  private final String problem;
  private final String remedy;

  /// Makes an exception.
  ///
  /// @param error the kind of failure
  /// @param text the whole text that was read, or the address that was to be used
  /// @param position where in the text the mistake is, from 0; may be the length of the text
  /// @param problem what is wrong
  /// @param remedy what would be right, as a request to the author of the address
  public AddressException(
      AddressError error, String text, int position, String problem, String remedy) {
    super(excerpt(text) + ": " + problem + " (at " + position + "); " + remedy);
    this.error = error;
    this.text = text;
    this.position = position;
    this.problem = problem;
    this.remedy = remedy;
  }

  /// The kind of failure, with its D-Bus error name.
  public AddressError error() {
    return error;
  }

  /// The whole text that was read. In a list it holds the other addresses too.
  public String text() {
    return text;
  }

  /// Where in [#text] the mistake is: an index of a `char`, from 0. It is the length of the text
  /// where something is missing at the end.
  public int position() {
    return position;
  }

  /// What is wrong.
  public String problem() {
    return problem;
  }

  /// What would be right.
  public String remedy() {
    return remedy;
  }

  /// The same mistake, told of a text of which the one that was read is the end.
  AddressException after(String prefix) {
    AddressException whole =
        new AddressException(error, prefix + text, prefix.length() + position, problem, remedy);
    whole.initCause(this);
    return whole;
  }

  /// The beginning of a text, so that it fits into a message, and nothing in it that does not
  /// belong there.
  static String excerpt(String text) {
    return text.length() <= LONGEST_TEXT_IN_MESSAGE
        ? printable(text)
        : printable(text.substring(0, LONGEST_TEXT_IN_MESSAGE)) + '…';
  }

  /// The text with `\uFFFD` in place of each control character and line break, which would forge
  /// lines in a log or on a terminal. Each stays one character, so that [#position] still fits.
  ///
  /// @param text any text, such as [#text] or a value of an address
  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text);
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (Character.isISOControl(c) || isLineBreak(c)) {
        shown.setCharAt(i, '\uFFFD');
      }
    }
    return shown.toString();
  }

  private static boolean isLineBreak(char c) {
    return c == '\u2028' || c == '\u2029';
  }
}
