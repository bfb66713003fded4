package dbus.auth;

import java.util.function.Supplier;

/// The user of this process, who is asked for until he is known.
///
/// Where the system lacks the means for an answer, say a descriptor to open a file with, the answer
/// is "unknown" this once, and the next peer may find another (AUTH-65). Only what is known is
/// kept. For any thread: threads that ask at the same time find the same.
final class OwnUser {
  /// The effective user.
  static final OwnUser OF_THIS_PROCESS = new OwnUser(Credentials::ofThisProcess);

  private final Supplier<Credentials> lookup;
  private volatile Credentials known = Credentials.UNKNOWN;

  OwnUser(Supplier<Credentials> lookup) {
    this.lookup = lookup;
  }

  /// Who it is, or [Credentials#UNKNOWN], for now.
  Credentials get() {
    Credentials found = known;
    if (!found.hasUser()) {
      found = lookup.get();
      if (found.hasUser()) {
        known = found;
      }
    }
    return found;
  }
}
