package dbus.auth;

import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/// What the operating system says about a process: its user, group and number.
///
/// What is not known is empty; it is never 0, which would be root, and never -1 (SEC-23). A user is
/// the numeric uid, or the SID on Windows, and never a name (SEC-22).
///
/// Group and process are for information. A process number may belong to another process by the
/// time somebody looks at it.
///
/// @param uid the effective user id, 0 to 4,294,967,294
/// @param gid the effective group id, in the same range
/// @param pid the process number, greater than 0
/// @param sid the security identifier of the user on Windows, such as `S-1-5-18`
public record Credentials(
    OptionalLong uid, OptionalLong gid, OptionalLong pid, Optional<String> sid) {

  /// Nothing is known, as on tcp.
  public static final Credentials UNKNOWN =
      new Credentials(
          OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  private static final long NO_ID = 0xffff_ffffL;

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException if a value is out of its range or `sid` is not a SID
  public Credentials {
    uid.ifPresent(id -> requireId("uid", id));
    gid.ifPresent(id -> requireId("gid", id));
    if (pid.isPresent() && pid.getAsLong() <= 0) {
      throw new IllegalArgumentException("pid must be greater than 0, not " + pid.getAsLong());
    }
    if (sid.isPresent() && !isSid(sid.get())) {
      throw new IllegalArgumentException("sid must be of the form S-1-5-…: " + sid.get());
    }
  }

  /// The credentials of a unix socket's peer, as the platform tells them. A uid or gid of -1 or
  /// 4,294,967,295 means unknown, and so does a pid that is not greater than 0.
  ///
  /// @throws IllegalArgumentException if `uid` or `gid` is less than -1 or greater than
  ///   4,294,967,295; an id of 32 bits comes through [Integer#toUnsignedLong(int)]
  public static Credentials ofSocket(long uid, long gid, long pid) {
    return new Credentials(
        known(uid),
        known(gid),
        pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty(),
        Optional.empty());
  }

  /// The user at the other end of a unix socket of the JDK, as the platform tells it; to be read
  /// once, when the peer has connected (AUTH-33).
  ///
  /// The JDK tells of a peer only whether it is of this process's own user, so that every other
  /// user is unknown here. That is enough for [AuthPolicy#sameUser()]. Who wants to tell other
  /// users apart needs another library for its sockets, and [#ofSocket(long, long, long)]; the name
  /// that the JDK has for a user is no identity (SEC-22).
  ///
  /// @param channel a connected unix socket
  /// @return the own user without group and process, or [#UNKNOWN] for everybody else, and where
  ///   the platform does not tell; never what the peer says of itself
  public static Credentials ofPeer(SocketChannel channel) {
    return SocketPeer.of(channel, OwnUser.OF_THIS_PROCESS);
  }

  /// A user and nothing else.
  ///
  /// @throws IllegalArgumentException if `uid` is not in 0 to 4,294,967,294
  public static Credentials ofUid(long uid) {
    return new Credentials(
        OptionalLong.of(uid), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }

  /// A user of Windows and nothing else.
  ///
  /// @throws IllegalArgumentException if `sid` is not of the form `S-1-5-…`
  public static Credentials ofSid(String sid) {
    return new Credentials(
        OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.of(sid));
  }

  /// The credentials of the running process, read anew at each call. Not those of a peer: given to
  /// [ServerHandshake.Builder#socket] they would let everybody in as this user. The user is unknown
  /// where the platform does not tell it: on other systems than Linux it takes the JDK's module
  /// `jdk.security.auth`.
  public static Credentials ofThisProcess() {
    return OwnProcess.credentials();
  }

  /// Whether the user is known.
  public boolean hasUser() {
    return uid.isPresent() || sid.isPresent();
  }

  /// Whether both are known to be the same user: of two uids, or else of two SIDs. An unknown user
  /// is the same as nobody, not even as another unknown one.
  public boolean isSameUser(Credentials other) {
    if (uid.isPresent() || other.uid.isPresent()) {
      return uid.equals(other.uid);
    }
    return sid.isPresent() && sid.equals(other.sid);
  }

  /// The known parts, such as `uid 1000, gid 1000, pid 4242`, or `unknown`.
  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(", ").setEmptyValue("unknown");
    uid.ifPresent(id -> parts.add("uid " + id));
    gid.ifPresent(id -> parts.add("gid " + id));
    pid.ifPresent(id -> parts.add("pid " + id));
    sid.ifPresent(id -> parts.add("sid " + id));
    return parts.toString();
  }

  private static OptionalLong known(long id) {
    return id == -1 || id == NO_ID ? OptionalLong.empty() : OptionalLong.of(id);
  }

  private static void requireId(String name, long id) {
    if (id < 0 || id >= NO_ID) {
      throw new IllegalArgumentException(name + " must be 0 to 4294967294, not " + id);
    }
  }

  private static boolean isSid(String text) {
    return text.startsWith("S-1-")
        && text.length() > 4
        && text.substring(4).chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }
}
