package dbus.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who may connect to a server. Safe by default: [#sameUser()] admits the server's own user, and
/// nobody else, not even root (AUTH-58). All else is said aloud:
///
/// ```java
/// AuthPolicy.sameUser()                       // own user only
/// AuthPolicy.sameUser().alsoUid(0)            // and root
/// AuthPolicy.anyUser()                        // everybody who has an identity
/// AuthPolicy.anyUser().allowAnonymous()       // everybody
/// AuthPolicy.anyUser().observedBy(observer)   // whom the application chooses
/// ```
///
/// A client whose user is not admitted is rejected and may try another mechanism; one that the
/// observer refuses is disconnected. Immutable; the observer is the application's own concern.
public final class AuthPolicy {
  private static final AuthObserver AGREES = new AuthObserver() {};

  private final boolean anyUser;

  /// A user who is looked up when a peer has to be compared with him.
  private final Optional<OwnUser> own;

  private final List<Credentials> users;
  private final boolean anonymous;
  private final AuthObserver observer;

  private AuthPolicy(
      boolean anyUser,
      Optional<OwnUser> own,
      List<Credentials> users,
      boolean anonymous,
      AuthObserver observer) {
    this.anyUser = anyUser;
    this.own = own;
    this.users = List.copyOf(users);
    this.anonymous = anonymous;
    this.observer = observer;
  }

  /// Admits the effective user of this process. As long as that user is unknown, nobody is
  /// admitted; it is looked up when a peer has proved who it is, until it is known.
  public static AuthPolicy sameUser() {
    return sameUser(OwnUser.OF_THIS_PROCESS);
  }

  static AuthPolicy sameUser(OwnUser own) {
    return new AuthPolicy(false, Optional.of(own), List.of(), false, AGREES);
  }

  /// Admits one user.
  ///
  /// @param user the user; if it is unknown, nobody is admitted
  public static AuthPolicy sameUserAs(Credentials user) {
    return new AuthPolicy(false, Optional.empty(), List.of(user), false, AGREES);
  }

  /// Admits every user, but not anonymous clients.
  public static AuthPolicy anyUser() {
    return new AuthPolicy(true, Optional.empty(), List.of(), false, AGREES);
  }

  /// This policy, which admits one more user.
  ///
  /// @throws IllegalArgumentException if `uid` is not in 0 to 4,294,967,294
  public AuthPolicy alsoUid(long uid) {
    List<Credentials> more = new ArrayList<>(users);
    more.add(Credentials.ofUid(uid));
    return new AuthPolicy(anyUser, own, more, anonymous, observer);
  }

  /// This policy, which admits anonymous clients as well. Whoever can connect to the socket then
  /// gets in, unless an observer refuses: the users that are admitted otherwise keep nobody out.
  public AuthPolicy allowAnonymous() {
    return new AuthPolicy(anyUser, own, users, true, observer);
  }

  /// This policy, with an observer that must agree as well. Observers given earlier are asked
  /// first.
  public AuthPolicy observedBy(AuthObserver another) {
    return new AuthPolicy(anyUser, own, users, anonymous, observer.and(another));
  }

  /// Whether anonymous clients are admitted.
  public boolean allowsAnonymous() {
    return anonymous;
  }

  /// Whether somebody else than this one user may be admitted: every user, or a certain other one,
  /// or an anonymous client. The observer is not asked.
  ///
  /// @param user if it is unknown, every user is another
  public boolean admitsOthersThan(Credentials user) {
    return anyUser
        || anonymous
        || admitted().anyMatch(other -> other.hasUser() && !other.isSameUser(user));
  }

  /// Whether somebody else than the user of this process may be admitted. It is right also where
  /// that user cannot be told at this moment, as without a free descriptor: then those whom
  /// [#sameUser()] admits are nobody else, and every user who is named is. The observer is not
  /// asked.
  public boolean admitsOthersThanOwnUser() {
    return admitsOthersThanOwnUser(Credentials.ofThisProcess());
  }

  boolean admitsOthersThanOwnUser(Credentials self) {
    return anyUser
        || anonymous
        || users.stream().anyMatch(other -> other.hasUser() && !other.isSameUser(self));
  }

  /// The observer; one that always agrees if none was given.
  public AuthObserver observer() {
    return observer;
  }

  /// Whether this identity is admitted. The observer is not asked.
  ///
  /// @param identity who the client proved to be; empty if it is anonymous. One without a user is
  ///   anonymous as well
  public boolean admits(Optional<Credentials> identity) {
    return identity
        .filter(Credentials::hasUser)
        .map(peer -> anyUser || admitted().anyMatch(peer::isSameUser))
        .orElse(anonymous);
  }

  /// The users who are admitted, as far as they are known.
  private Stream<Credentials> admitted() {
    return Stream.concat(own.stream().map(OwnUser::get), users.stream());
  }
}
