package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.address.TcpAddress;
import dbus.auth.CookieKeyring;
import dbus.server.DBusServerBuilder;
import dbus.server.ServerLimits;
import java.io.PrintWriter;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Who may use the server of `dbus serve`, what peers may cost it, and what it tells.
final class ServeOptions {

  @Option(
      names = "--guid",
      paramLabel = "HEX",
      description = "The guid of the server, 32 hexadecimal digits. By default a random one.")
  private @Nullable String guid;

  @Option(
      names = "--mechanism",
      paramLabel = "NAME",
      description =
          "Offer this mechanism and none that is not named; several times for several, in order:"
              + " EXTERNAL, DBUS_COOKIE_SHA1, ANONYMOUS.")
  private List<String> mechanisms = List.of();

  @Option(
      names = "--allow-anonymous",
      description = "Let in whoever reaches the socket, without a proof of who it is.")
  private boolean allowAnonymous;

  @ArgGroup private Users users = new Users();

  /// One of the two.
  static final class Users {

    @Option(
        names = "--require-same-user",
        description = "Let in the user of the server and nobody else. This is the default.")
    private boolean sameUser;

    @Option(names = "--any-user", description = "Let in every user who proves who it is.")
    private boolean anyUser;
  }

  @Option(
      names = "--mode",
      paramLabel = "OCTAL",
      description =
          "The mode of the socket's file, such as 0660. Default: 0600, or 0666 where other users may"
              + " connect.")
  private @Nullable String mode;

  @Option(
      names = "--allow-other-machines",
      description = "Let tcp be reached from other machines, without any secrecy on the way.")
  private boolean otherMachines;

  @Option(
      names = "--verbose",
      description = "Tell on stderr of each peer that is accepted, refused or closed.")
  private boolean verbose;

  @Option(
      names = "--handshake-time",
      paramLabel = "SECONDS",
      description = "How long a handshake may take. Default: 30.")
  private @Nullable Long handshakeSeconds;

  @Option(
      names = "--handshake-grace",
      paramLabel = "MILLISECONDS",
      description =
          "How long a peer may be silent in its handshake while others wait. Default: 250.")
  private @Nullable Long handshakeGraceMillis;

  @Option(
      names = "--message-time",
      paramLabel = "SECONDS",
      description =
          "How long a message may take from its first byte to its last. Default: no limit.")
  private @Nullable Long messageSeconds;

  @Option(
      names = "--outgoing-time",
      paramLabel = "SECONDS",
      description = "How long to wait for a peer that does not read. Default: 30.")
  private @Nullable Long outgoingSeconds;

  @Option(
      names = "--max-handshakes",
      paramLabel = "N",
      description = "Peers that are not authenticated, at a time. Default: 64.")
  private @Nullable Integer handshakes;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Connections in all. Default: 2048.")
  private @Nullable Integer connections;

  @Option(
      names = "--max-connections-per-user",
      paramLabel = "N",
      description =
          "Connections of one user. Default: 256, or no limit where only the own user may connect.")
  private @Nullable Integer connectionsPerUser;

  @Option(
      names = "--max-bytes-per-user",
      paramLabel = "N",
      description =
          "Bytes that are kept for all connections of one user. Default: a quarter of the heap, at"
              + " most 512 MiB.")
  private @Nullable Long bytesPerUser;

  @Option(
      names = "--max-fds-per-user",
      paramLabel = "N",
      description = "File descriptors that are held for one user. Default: 1024.")
  private @Nullable Integer unixFdsPerUser;

  @Option(
      names = "--max-handlers-per-user",
      paramLabel = "N",
      description = "Calls of one user that occupy a thread of their own. Default: 1024.")
  private @Nullable Integer handlersPerUser;

  @Option(
      names = "--max-message",
      paramLabel = "BYTES",
      description = "The longest message. Default: 134217728.")
  private @Nullable Integer messageBytes;

  @Option(
      names = "--max-calls",
      paramLabel = "N",
      description = "Calls of one connection that are in progress at a time. Default: 128.")
  private @Nullable Integer calls;

  @Option(
      names = "--max-outgoing",
      paramLabel = "BYTES",
      description = "What may wait to be written to one connection. Default: 16777216.")
  private @Nullable Long outgoingBytes;

  @Option(
      names = "--max-fds",
      paramLabel = "N",
      description = "File descriptors of one message, 0 to 253. Default: 16.")
  private @Nullable Integer unixFds;

  @Option(
      names = "--max-undelivered",
      paramLabel = "BYTES",
      description = "What may wait for the handlers of one connection. Default: 16777216.")
  private @Nullable Long undeliveredBytes;

  @Option(
      names = "--max-fds-held",
      paramLabel = "N",
      description = "File descriptors that handlers of one connection hold. Default: 64.")
  private @Nullable Integer unixFdsHeld;

  /// @throws IllegalArgumentException if the value of an option is not what it must be
  void applyTo(DBusServerBuilder builder, PrintWriter err) {
    builder.limits(limits());
    if (guid != null) {
      builder.guid(Guid.parse(guid));
    }
    if (!mechanisms.isEmpty()) {
      builder.mechanisms(mechanisms.toArray(String[]::new));
    }
    if (users.sameUser) {
      builder.sameUser();
    }
    if (users.anyUser) {
      builder.anyUser();
    }
    if (allowAnonymous) {
      builder.allowAnonymous();
    }
    if (mode != null) {
      builder.socketMode(permissions(mode));
    }
    if (otherMachines) {
      builder.allowOtherMachines();
    }
    if (verbose) {
      builder.listener(new PeerLines(err));
    }
  }

  /// Why nobody can authenticate with cookies, where that is asked for, or is the only way: the
  /// server does not offer them then, and a client is told nothing but that.
  Optional<String> cookieProblem(List<Address> places) {
    boolean wanted =
        mechanisms.isEmpty()
            ? places.stream().anyMatch(TcpAddress.class::isInstance)
            : mechanisms.contains("DBUS_COOKIE_SHA1");
    return wanted
        ? CookieKeyring.ofThisUser()
            .problem()
            .map(problem -> "dbus serve: DBUS_COOKIE_SHA1 is not offered: " + problem)
        : Optional.empty();
  }

  private static Set<PosixFilePermission> permissions(String octal) {
    if (!octal.matches("0?[0-7]{3}")) {
      throw new IllegalArgumentException(
          "--mode=" + octal + ": a mode is three octal digits, such as 0660");
    }
    int bits = Integer.parseInt(octal, 8);
    // From the owner's permission to read, the highest bit, to the others' to execute.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((bits & 1 << (all.length - 1 - i)) != 0) {
        granted.add(all[i]);
      }
    }
    return granted;
  }

  private ServerLimits limits() {
    ServerLimits limits = ServerLimits.DEFAULT;
    limits = with(limits, seconds(handshakeSeconds), ServerLimits::withHandshakeTime);
    limits = with(limits, millis(handshakeGraceMillis), ServerLimits::withHandshakeGrace);
    limits = with(limits, seconds(messageSeconds), ServerLimits::withMessageTime);
    limits = with(limits, seconds(outgoingSeconds), ServerLimits::withOutgoingTime);
    limits = with(limits, handshakes, ServerLimits::withUnfinishedHandshakes);
    limits = with(limits, connections, ServerLimits::withConnections);
    limits = with(limits, connectionsPerUser, ServerLimits::withConnectionsPerUser);
    limits = with(limits, bytesPerUser, ServerLimits::withBytesPerUser);
    limits = with(limits, unixFdsPerUser, ServerLimits::withUnixFdsPerUser);
    limits = with(limits, handlersPerUser, ServerLimits::withHandlersPerUser);
    limits = with(limits, messageBytes, ServerLimits::withMessageBytes);
    limits = with(limits, calls, ServerLimits::withCallsInProgress);
    limits = with(limits, outgoingBytes, ServerLimits::withOutgoingBytes);
    limits = with(limits, undeliveredBytes, ServerLimits::withUndeliveredBytes);
    limits = with(limits, unixFds, ServerLimits::withUnixFds);
    return with(limits, unixFdsHeld, ServerLimits::withUnixFdsHeld);
  }

  /// The limits with another value, if there is one.
  private static <T> ServerLimits with(
      ServerLimits limits,
      @Nullable T value,
      BiFunction<ServerLimits, ? super T, ServerLimits> change) {
    return value == null ? limits : change.apply(limits, value);
  }

  private static @Nullable Duration seconds(@Nullable Long count) {
    return count == null ? null : Duration.ofSeconds(count);
  }

  private static @Nullable Duration millis(@Nullable Long count) {
    return count == null ? null : Duration.ofMillis(count);
  }
}
