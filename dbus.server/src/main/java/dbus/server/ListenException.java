package dbus.server;

import dbus.address.AddressError;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// A place cannot be listened at. The text says why for each of its addresses; the last reason is
/// the cause, those before it are suppressed exceptions, in the order of the list.
public final class ListenException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient List<ListenFailure> failures;

  private ListenException(String message, Throwable cause, List<ListenFailure> failures) {
    super(message, cause);
    this.failures = failures;
  }

  /// @param failures one for each of the addresses, in their order
  static ListenException of(List<ListenFailure> failures) {
    ListenException failure =
        new ListenException(
            failures.size() == 1
                ? "cannot listen on " + failures.getFirst()
                : "cannot listen on any of %s addresses: %s"
                    .formatted(
                        failures.size(),
                        failures.stream()
                            .map(ListenFailure::toString)
                            .collect(Collectors.joining("; "))),
            failures.getLast().cause(),
            List.copyOf(failures));
    failures.subList(0, failures.size() - 1).forEach(it -> failure.addSuppressed(it.cause()));
    return failure;
  }

  /// A channel that was given.
  static ListenException ofChannel(Object channel, Exception cause) {
    return new ListenException(
        "cannot listen at %s: %s".formatted(channel, cause.getMessage()), cause, List.of());
  }

  /// Why each of the addresses could not be listened on, in their order. Empty if it was a channel
  /// that was given, and after serialization.
  public List<ListenFailure> failures() {
    return failures == null ? List.of() : failures;
  }

  /// The error of the address that was tried last.
  public AddressError error() {
    return failures().isEmpty() ? AddressError.FAILED : failures().getLast().error();
  }
}
