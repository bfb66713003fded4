package dbus.address;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where the well-known message buses are.
///
/// Nothing is found out before it is asked for, and nothing is kept. Where no address is configured
/// no program is started: `unixexec` and `autolaunch` are never a fallback.
///
/// D-Bus Specification, "Well-known Message Bus Instances".
public final class BusAddresses {
  private static final String SESSION = "DBUS_SESSION_BUS_ADDRESS";
  private static final String SYSTEM = "DBUS_SYSTEM_BUS_ADDRESS";
  private static final String STARTER = "DBUS_STARTER_ADDRESS";
  private static final String STARTER_TYPE = "DBUS_STARTER_BUS_TYPE";

  private static final String SESSION_OR_SYSTEM = "set it to session or system";

  private static final String SYSTEM_SOCKET = "/var/run/dbus/system_bus_socket";

  private BusAddresses() {}

  /// The bus of the login session: `DBUS_SESSION_BUS_ADDRESS`, or else the socket `bus` in
  /// `XDG_RUNTIME_DIR` if it is there and belongs to the user. The value `autolaunch:` asks for a
  /// search, too, so it counts as not set.
  ///
  /// @param environment where to look
  /// @throws AddressException if the variable is malformed, or nothing was found
  public static AddressList session(Environment environment) {
    return environment
        .variable(SESSION)
        .filter(text -> !text.equals("autolaunch:"))
        .map(text -> parse(SESSION, text))
        .orElseGet(() -> sessionOfRuntimeDirectory(environment));
  }

  /// The bus of the whole system: `DBUS_SYSTEM_BUS_ADDRESS`, or else
  /// `unix:path=/var/run/dbus/system_bus_socket`.
  ///
  /// @param environment where to look
  /// @throws AddressException if the variable is malformed
  public static AddressList system(Environment environment) {
    return environment
        .variable(SYSTEM)
        .map(text -> parse(SYSTEM, text))
        .orElseGet(() -> AddressList.of(UnixPath.of(SYSTEM_SOCKET)));
  }

  /// The bus that started this process, by `DBUS_STARTER_BUS_TYPE`: `session` or `system`. Its
  /// address is `DBUS_STARTER_ADDRESS`, or else that of the bus of the type.
  ///
  /// @param environment where to look
  /// @throws AddressException if the type is not set or neither of the two, if the variable is
  ///   malformed, or if nothing was found
  public static AddressList starter(Environment environment) {
    String type =
        environment
            .variable(STARTER_TYPE)
            .orElseThrow(() -> notSet(STARTER_TYPE, SESSION_OR_SYSTEM));
    Function<Environment, AddressList> bus =
        switch (type) {
          case "session" -> BusAddresses::session;
          case "system" -> BusAddresses::system;
          default ->
              throw new AddressException(
                  AddressError.BAD_ADDRESS,
                  STARTER_TYPE + "=" + type,
                  STARTER_TYPE.length() + 1,
                  "type \"" + AddressException.excerpt(type) + "\" of the starter bus is unknown",
                  SESSION_OR_SYSTEM);
        };
    return environment
        .variable(STARTER)
        .map(text -> parse(STARTER, text))
        .orElseGet(() -> bus.apply(environment));
  }

  private static AddressList sessionOfRuntimeDirectory(Environment environment) {
    AddressValue socket =
        RuntimeDirectory.busSocket(environment)
            .filter(path -> environment.isOwnSocket(path.toPath()))
            .orElseThrow(() ->
                notSet(SESSION, "set it, or provide a socket of your own as $XDG_RUNTIME_DIR/bus"));
    return AddressList.of(new UnixPath(socket, Map.of(), Optional.empty()));
  }

  private static AddressList parse(String variable, String text) {
    try {
      return AddressList.parse(text);
    } catch (AddressException e) {
      throw e.after(variable + "=");
    }
  }

  private static AddressException notSet(String variable, String remedy) {
    String text = variable + "=";
    return new AddressException(
        AddressError.NOT_SUPPORTED, text, text.length(), "the variable is not set", remedy);
  }
}
