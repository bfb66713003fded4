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

  /// A connection has ended.
  ///
  /// @param who the peer was; asked only if there is a line
  public static void tell(LimitedLog log, Supplier<String> who, CloseReason reason) {
    boolean ordinary = isOrdinary(reason);
    if (!ordinary || log.isWanted(Level.DEBUG)) {
      log.log(
          ordinary ? Level.DEBUG : Level.WARNING,
          line("%s: the connection was ended: %s".formatted(who.get(), text(reason))));
    }
  }

  /// As one line, whatever is in it.
  public static String line(String text) {
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
