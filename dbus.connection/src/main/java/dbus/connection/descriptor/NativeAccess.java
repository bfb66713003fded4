package dbus.connection.descriptor;

import dbus.connection.threads.LimitedLog;
import java.lang.System.Logger.Level;

/// The permission to use native functions, which is given to a module when the JVM is started.
public final class NativeAccess {

  private NativeAccess() {}

  /// The option of `java` that gives it to all that need it here.
  public static String option() {
    return "--enable-native-access="
        + (NativeAccess.class.getModule().isNamed()
            ? "org.newsclub.net.unix,dbus.connection"
            : "ALL-UNNAMED");
  }

  /// Whether this module has it. If not, that is said, since all works nevertheless, and nobody
  /// would find out why it is slow. To be asked once, where it would be of use.
  static boolean isGiven() {
    boolean given = NativeAccess.class.getModule().isNativeAccessEnabled();
    if (!given) {
      LimitedLog.of(NativeAccess.class)
          .log(
              Level.INFO,
              "unix sockets are slower than they could be, and take a thread for each connection;"
                  + " start java with "
                  + option());
    }
    return given;
  }
}
