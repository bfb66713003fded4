package dbus.server;

import dbus.auth.Credentials;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// The accounts of all users of a server. See [UserAccount].
///
/// All anonymous peers are one user: they could be anybody, also all the same one.
final class UserAccounts {

  private final ServerLimits limits;
  private final Map<User, UserAccount> accounts = new ConcurrentHashMap<>();

  UserAccounts(ServerLimits limits) {
    this.limits = limits;
  }

  /// A user, by the number alone: group and process do not matter, and names could be two for one.
  private record User(OptionalLong uid, Optional<String> sid) {

    static User of(Optional<Credentials> identity) {
      return identity
          .map(known ->
              new User(known.uid(), known.uid().isPresent() ? Optional.empty() : known.sid()))
          .orElse(new User(OptionalLong.empty(), Optional.empty()));
    }
  }

  /// The right to one connection.
  ///
  /// @param budget what it shares with the others of its user
  record Membership(User user, UserAccount budget) {}

  /// Counts one more connection.
  ///
  /// @param identity who the peer has proved to be; empty if it is anonymous
  /// @return empty if the user has as many as there may be
  Optional<Membership> enter(Optional<Credentials> identity) {
    User user = User.of(identity);
    boolean[] added = new boolean[1];
    UserAccount account =
        accounts.compute(
            user,
            (same, present) -> {
              UserAccount one =
                  present == null ? new UserAccount(limits, () -> removeIfUnused(user)) : present;
              added[0] = one.addConnection();
              return one;
            });
    return added[0] ? Optional.of(new Membership(user, account)) : Optional.empty();
  }

  /// Counts one less. To be called once.
  void leave(Membership membership) {
    accounts.computeIfPresent(
        membership.user(),
        (same, account) -> {
          account.removeConnection();
          return account.isUnused() ? null : account;
        });
  }

  private void removeIfUnused(User user) {
    accounts.computeIfPresent(user, (same, account) -> account.isUnused() ? null : account);
  }

  /// How many users have a connection, or something is kept for.
  int size() {
    return accounts.size();
  }
}
