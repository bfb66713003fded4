package dbus.testkit.cli;

import dbus.address.Guid;
import dbus.server.DBusServerBuilder;
import dbus.server.ServerLimits;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
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
      names = "--verbose",
      description = "Tell on stderr of each peer that is accepted, refused or closed.")
  private boolean verbose;

  @Option(
      names = "--handshake-time",
      paramLabel = "SECONDS",
      description = "How long a handshake may take. Default: 30.")
  private @Nullable Long handshakeSeconds;

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
      description = "Connections of one user. Default: 256.")
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
      description = "What may wait to be written to one connection. Default: 133169152.")
  private @Nullable Long outgoingBytes;

  @Option(
      names = "--max-fds",
      paramLabel = "N",
      description = "File descriptors of one message, 0 to 253. Default: 16.")
  private @Nullable Integer unixFds;

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
    if (verbose) {
      builder.listener(new PeerLines(err));
    }
  }

  private ServerLimits limits() {
    ServerLimits limits = ServerLimits.DEFAULT;
    limits =
        handshakeSeconds == null
            ? limits
            : limits.withHandshakeTime(Duration.ofSeconds(handshakeSeconds));
    limits = handshakes == null ? limits : limits.withUnfinishedHandshakes(handshakes);
    limits = connections == null ? limits : limits.withConnections(connections);
    limits =
        connectionsPerUser == null ? limits : limits.withConnectionsPerUser(connectionsPerUser);
    limits = bytesPerUser == null ? limits : limits.withBytesPerUser(bytesPerUser);
    limits = unixFdsPerUser == null ? limits : limits.withUnixFdsPerUser(unixFdsPerUser);
    limits = messageBytes == null ? limits : limits.withMessageBytes(messageBytes);
    limits = calls == null ? limits : limits.withCallsInProgress(calls);
    limits = outgoingBytes == null ? limits : limits.withOutgoingBytes(outgoingBytes);
    return unixFds == null ? limits : limits.withUnixFds(unixFds);
  }
}
