package dbus.server;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/// Why an address could not be listened on.
///
/// @param address that was tried
/// @param error what kind of failure it is, with its D-Bus error name
/// @param cause what happened
public record ListenFailure(Address address, AddressError error, Exception cause) {

  static ListenFailure of(Address address, Exception cause) {
    return new ListenFailure(address, errorOf(cause), cause);
  }

  private static AddressError errorOf(Exception cause) {
    return switch (cause) {
      case AddressException known -> known.error();
      case FileAlreadyExistsException _ -> AddressError.ADDRESS_IN_USE;
      case NoSuchFileException _ -> AddressError.FILE_NOT_FOUND;
      case AccessDeniedException _ -> AddressError.ACCESS_DENIED;
      case BindException e when !says(e, "cannot assign") && !says(e, "permission") ->
          AddressError.ADDRESS_IN_USE;
      case IOException e -> ofSystem(e);
      default -> AddressError.FAILED;
    };
  }

  /// The number of the operating system's error is lost in Java; its text is not.
  private static AddressError ofSystem(IOException e) {
    if (says(e, "permission denied") || says(e, "operation not permitted")) {
      return AddressError.ACCESS_DENIED;
    }
    if (says(e, "too many open files")) {
      return AddressError.LIMITS_EXCEEDED;
    }
    return says(e, "address already in use") ? AddressError.ADDRESS_IN_USE : AddressError.FAILED;
  }

  private static boolean says(Exception e, String text) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(text);
  }

  /// The address, what went wrong, and its D-Bus error name.
  @Override
  public String toString() {
    String why = String.valueOf(cause.getMessage());
    // Some begin with the address.
    String told = why.startsWith(address.toString()) ? why : address + ": " + why;
    return told + " (" + error.dbusName() + ")";
  }
}
