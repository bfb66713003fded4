package dbus.connection;

import dbus.wire.Codec;
import dbus.wire.WireReader;
import java.time.DateTimeException;

/// A value that a peer chose, of the right type, on its way to a Java object. A codec or a setter
/// may refuse it, such as a text that is none of an enum's: that is the peer's mistake and not the
/// application's. So the peer is told of it by `org.freedesktop.DBus.Error.InvalidArgs`, and the
/// log of the application is not (SEC-41).
final class PeersValue {

  private PeersValue() {}

  /// Takes it.
  @FunctionalInterface
  interface Step<T> {
    T take() throws Exception;
  }

  /// Reads an argument of a call.
  static <T> T read(Invocation call, Argument.In<T> argument, WireReader from) throws Exception {
    return taken(
        call, () -> argument.codec().read(from), "the argument \"" + argument.name() + "\"");
  }

  /// What a step makes of a value of a call.
  ///
  /// @param what the value is, for the peer
  static <T> T taken(Invocation call, Step<T> step, String what) throws Exception {
    try {
      return step.take();
    } catch (IllegalArgumentException | DateTimeException e) {
      if (call.connection().errors().knows(e)) {
        throw e;
      }
      throw Fault.REFUSED_VALUE.exception(refusal(what, e));
    }
  }

  /// Reads what a peer has replied with.
  ///
  /// @param what it is, for whoever asked
  static <T> T replied(Codec<T> codec, WireReader from, String what) throws DBusErrorException {
    try {
      return codec.read(from);
    } catch (IllegalArgumentException | DateTimeException e) {
      DBusErrorException refused = Fault.REFUSED_VALUE.exception(refusal(what, e));
      refused.initCause(e);
      throw refused;
    }
  }

  private static String refusal(String what, RuntimeException why) {
    return ErrorText.toldBy(why).map(text -> what + ": " + text).orElse(what + " is refused");
  }
}
