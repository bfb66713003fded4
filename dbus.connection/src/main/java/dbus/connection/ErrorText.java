package dbus.connection;

import java.io.ObjectStreamException;
import java.util.MissingResourceException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text of an error reply, made fit for the wire.
final class ErrorText {

  private ErrorText() {}

  /// What an exception says, unless that is nothing, or about classes, which are no business of the
  /// peer's.
  static Optional<String> toldBy(Throwable failure) {
    String message = messageOf(failure);
    if (message == null || isAboutClasses(failure)) {
      return Optional.empty();
    }
    Throwable cause = failure.getCause();
    // That is what an exception says which was given a cause and no message.
    return cause != null && message.equals(cause.toString()) ? toldBy(cause) : Optional.of(message);
  }

  /// It is the application's code that says it, and may fail at that (CONN-51).
  private static @Nullable String messageOf(Throwable failure) {
    try {
      return failure instanceof DBusErrorException error ? error.text() : failure.getMessage();
    } catch (Throwable e) {
      return null;
    }
  }

  /// The messages of these name classes, fields, or resources of the code.
  private static boolean isAboutClasses(Throwable failure) {
    return switch (failure) {
      case Error _, NullPointerException _, ClassCastException _, ArrayStoreException _ -> true;
      case ReflectiveOperationException _, ObjectStreamException _ -> true;
      case MissingResourceException _ -> true;
      case IllegalArgumentException refused -> isThrownByTheJvm(refused);
      default -> false;
    };
  }

  /// By `valueOf` of an enum, or where a method is called by reflection.
  private static boolean isThrownByTheJvm(IllegalArgumentException refused) {
    StackTraceElement[] trace = refused.getStackTrace();
    return trace.length > 0
        && (trace[0].getClassName().equals(Enum.class.getName())
            || trace[0].getClassName().startsWith("jdk.internal.reflect."));
  }

  /// Without what a D-Bus string cannot hold: NUL, and surrogates that stand alone.
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c ->
            c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
