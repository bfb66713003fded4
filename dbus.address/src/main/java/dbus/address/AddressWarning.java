package dbus.address;

import java.util.List;

/// Something that works, but that someone who listens should know.
///
/// @param kind what it is about
/// @param message the whole story, with the address
public record AddressWarning(Kind kind, String message) {

  /// What a warning is about.
  public enum Kind {
    /// The name of the socket is so long that clients using the reference implementation cannot
    /// connect to it.
    TOO_LONG_FOR_LIBDBUS,
    /// An abstract socket is protected by no file mode.
    ABSTRACT_SOCKET
  }

  static List<AddressWarning> of(Address address) {
    return switch (address) {
      case UnixPath unix ->
          length(address, unix.path().toAbsolutePath().length(), UnixPath.MAX_BYTES_FOR_LIBDBUS);
      case UnixDir unix -> directory(address, unix.directory());
      case UnixTmpdir unix -> directory(address, unix.directory());
      case UnixAbstract unix -> unprotected(unix);
      default -> List.of();
    };
  }

  private static List<AddressWarning> directory(Address address, AddressValue directory) {
    int bytes = SocketName.longestIn(directory.toAbsolutePath());
    return length(address, bytes, UnixPath.MAX_BYTES_FOR_LIBDBUS);
  }

  private static List<AddressWarning> unprotected(UnixAbstract unix) {
    AddressWarning warning =
        new AddressWarning(
            Kind.ABSTRACT_SOCKET,
            unix
                + ": an abstract socket is protected by no file mode, and is reachable from other"
                + " mount namespaces");
    List<AddressWarning> length =
        length(unix, unix.name().length(), UnixAbstract.MAX_BYTES_FOR_LIBDBUS);
    return length.isEmpty() ? List.of(warning) : List.of(warning, length.getFirst());
  }

  private static List<AddressWarning> length(Address address, int bytes, int most) {
    if (bytes <= most) {
      return List.of();
    }
    String message =
        address
            + ": the socket name has "
            + bytes
            + " bytes, clients using libdbus can connect to "
            + most
            + " at most";
    return List.of(new AddressWarning(Kind.TOO_LONG_FOR_LIBDBUS, message));
  }
}
