package dbus.connection.threads;

import dbus.connection.CloseReason;
import dbus.connection.descriptor.DescriptorsLostException;
import dbus.connection.outgoing.NotReadException;
import dbus.wire.Printable;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/// A line for each connection that ended otherwise than connections do: its peer broke the rules or
/// a limit, or something was missing here. Whoever leaves, however abruptly, is told at DEBUG.
///
/// Whoever knows most of the peer tells it: a server of its peers, else the connection itself.
public final class EndLog {

  /// Of a line, in characters. It may quote what the peer has sent.
  private static final int LONGEST = 1000;

  private EndLog() {}

  /// A connection has ended. Whoever ends it does not wait for the log.
  ///
  /// @param relay writes the line, if there is one
  /// @param who the peer was
  public static void tell(LimitedLog log, Relay relay, Supplier<String> who, CloseReason reason) {
    Level level = isOrdinary(reason) ? Level.DEBUG : Level.WARNING;
    tell(
        log,
        relay,
        level,
        () -> "%s: the connection was ended: %s".formatted(who.get(), text(reason)));
  }

  /// A line at that level, if such are written.
  ///
  /// @param relay writes it
  /// @param text may quote what the peer has sent
  public static void tell(LimitedLog log, Relay relay, Level level, Supplier<String> text) {
    if (log.isWanted(level)) {
      relay.add("a line of the log", () -> log.log(level, line(text.get())));
    }
  }

  /// As one line, whatever is in it.
  private static String line(String text) {
    return Printable.of(text, LONGEST);
  }

  /// The kind, the sentence, and what was thrown if that says more.
  private static String text(CloseReason reason) {
    String told = reason.kind() + ": " + reason.detail();
    return reason
        .cause()
        .map(cause -> String.valueOf(cause.getMessage()))
        .filter(cause -> !told.contains(cause))
        .map(cause -> told + ": " + cause)
        .orElse(told);
  }

  private static boolean isOrdinary(CloseReason reason) {
    return switch (reason.kind()) {
      // That nobody wanted it is told where that is decided.
      case LOCAL, REMOTE, REFUSED, NOT_AUTHENTICATED -> true;
      case INVALID_MESSAGE, OVER_BUDGET -> false;
      // A peer that is gone, or a network, fails in as many ways as there are systems.
      case BROKEN ->
          !(reason.cause().orElse(null) instanceof NotReadException
              || reason.cause().orElse(null) instanceof DescriptorsLostException);
    };
  }
}
