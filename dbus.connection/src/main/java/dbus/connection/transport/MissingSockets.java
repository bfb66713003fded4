package dbus.connection.transport;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import java.io.IOException;

/// Sockets that this machine, or its JDK, does not have, such as those of unix on some: an address
/// for them fails like any other that cannot be used, and the next of its list is tried (ADDR-42).
public final class MissingSockets {

  private MissingSockets() {}

  /// Something that takes sockets.
  ///
  /// @param <T> what comes of it
  @FunctionalInterface
  public interface Attempt<T> {

    /// Makes it.
    T make() throws IOException;
  }

  /// Makes something that takes sockets.
  ///
  /// @param address what they are for
  /// @throws AddressException as [AddressError#NOT_SUPPORTED] if there are no such sockets here
  public static <T> T named(Address address, Attempt<T> attempt) throws IOException {
    try {
      return attempt.make();
    } catch (UnsupportedOperationException e) {
      AddressException failure =
          new AddressException(
              AddressError.NOT_SUPPORTED,
              address.toString(),
              0,
              "this machine, or its JDK, does not have what that takes: " + e.getMessage(),
              "use another transport");
      failure.initCause(e);
      throw failure;
    }
  }
}
