package dbus.address;

import java.util.Locale;
import java.util.Optional;

/// An operating system, as far as it decides which addresses can work.
///
/// It says what the system has. A transport may still be missing in those who listen or connect.
public enum Platform {
  /// Linux, which alone has abstract sockets and systemd.
  LINUX,
  /// macOS, which alone has launchd.
  MACOS,
  /// Any other Unix.
  UNIX,
  /// Windows, which cannot pass a socket pair to a program.
  WINDOWS;

  /// The system that this process runs on.
  public static Platform current() {
    return of(System.getProperty("os.name", ""));
  }

  /// The system of a name.
  ///
  /// @param osName a value of the system property `os.name`
  public static Platform of(String osName) {
    String name = osName.toLowerCase(Locale.ROOT);
    if (name.startsWith("linux")) {
      return LINUX;
    }
    if (name.startsWith("mac") || name.startsWith("darwin")) {
      return MACOS;
    }
    return name.startsWith("windows") ? WINDOWS : UNIX;
  }

  /// Tells whether [#check] passes.
  ///
  /// @param address any address
  public boolean supports(Address address) {
    return obstacle(address).isEmpty();
  }

  /// Checks that the system has what the transport needs. Others in a list may still work.
  ///
  /// @param address any address
  /// @throws AddressException as [AddressError#NOT_SUPPORTED] if this system lacks it, as
  ///   [AddressError#BAD_ADDRESS] if the transport is unknown
  public void check(Address address) {
    obstacle(address)
        .ifPresent(defect -> {
          throw defect.exception(
              address instanceof UnknownTransport
                  ? AddressError.BAD_ADDRESS
                  : AddressError.NOT_SUPPORTED,
              address);
        });
  }

  private Optional<Defect> obstacle(Address address) {
    return switch (address) {
      case UnixPath _, UnixDir _, UnixTmpdir _, UnixRuntime _, Tcp _, NonceTcp _ ->
          Optional.empty();
      case UnixAbstract _ -> unless(this == LINUX, "abstract", "abstract sockets exist on Linux");
      case Systemd _ -> unless(this == LINUX, "", "systemd exists on Linux");
      case Launchd _ -> unless(this == MACOS, "", "launchd exists on macOS");
      case UnixExec _ -> unless(this != WINDOWS, "", "unixexec exists on Unix");
      case Autolaunch _ -> unless(false, "", "this library launches no bus");
      case UnknownTransport _ -> Defect.unknownTransport(address);
    };
  }

  private static Optional<Defect> unless(boolean works, String key, String reason) {
    return works
        ? Optional.empty()
        : Defect.of(key, "not supported here: " + reason, "use another address");
  }
}
