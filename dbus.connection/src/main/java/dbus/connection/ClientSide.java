package dbus.connection;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.connection.threads.Bookkeeping;
import dbus.connection.threads.TimeLimit;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSockets;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Describes the client's side of a connection, and makes it.
public final class ClientSide {

  /// How long connecting may take in all.
  public static final Duration DEFAULT_CONNECT_TIME = Duration.ofSeconds(25);

  private final Target target;
  private final ObjectTree objects = new ObjectTree();
  private List<ClientMechanism> mechanisms = ClientMechanism.usual();
  private boolean pipelined;
  private boolean paused;
  private boolean concurrent;
  private boolean otherMachines;
  private UnixSockets unixSockets = UnixSockets.AUTOMATIC;
  private Duration connectTime = DEFAULT_CONNECT_TIME;
  private Optional<Executor> executor = Optional.empty();
  private ConnectionLimits limits = ConnectionLimits.DEFAULT;
  private ErrorMapping errors = ErrorMapping.NONE;
  private Consumer<DBusConnection> opening = connection -> {};

  /// Whom to connect to.
  sealed interface Target {}

  /// The first of them that answers.
  record Listed(AddressList addresses) implements Target {}

  /// The peer at the other end.
  record Given(Transport transport) implements Target {}

  ClientSide(Target target) {
    this.target = target;
  }

  /// The mechanisms to authenticate with, in the order in which they are tried; by default
  /// [ClientMechanism#usual()], never ANONYMOUS unasked.
  ///
  /// @throws IllegalArgumentException if there is none, or one is named twice
  public ClientSide mechanisms(ClientMechanism... inOrder) {
    this.mechanisms = List.of(inOrder);
    return this;
  }

  /// Saves a round trip in the handshake where descriptors can be passed: they are asked for
  /// together with the first mechanism. If the server hangs up at this, the client connects once
  /// more and goes step by step; over a transport that it was given it cannot, and fails. By
  /// default each step waits for the one before, which everybody can take.
  public ClientSide pipelined() {
    this.pipelined = true;
    return this;
  }

  /// How long connecting may take in all: over all the addresses, and with the handshake. By
  /// default [#DEFAULT_CONNECT_TIME]. Looking up the name of a host is not limited.
  public ClientSide connectTime(Duration limit) {
    this.connectTime = limit;
    return this;
  }

  /// Lets tcp go to other machines than this one. Everybody on the way can then read and change
  /// what is said: the specification advises against it. By default such an address is refused.
  public ClientSide allowOtherMachines() {
    this.otherMachines = true;
    return this;
  }

  /// Which unix sockets to use; by default [UnixSockets#AUTOMATIC].
  public ClientSide unixSockets(UnixSockets which) {
    this.unixSockets = which;
    return this;
  }

  /// Makes the connection paused: nothing that the server sends is read, replies included, until
  /// [DBusConnection#start()]. It waits in the socket, and once that is full the server waits. So
  /// objects and subscriptions can be added to the connection before its first message. That the
  /// server has left is not noticed until then, either. Messages may be sent.
  public ClientSide paused() {
    this.paused = true;
    return this;
  }

  /// Lets the methods of this side run beside each other, as [ServerSide#concurrent()] does.
  public ClientSide concurrent() {
    this.concurrent = true;
    return this;
  }

  /// Where handlers run, as on [ServerSide#executor(Executor)].
  public ClientSide executor(Executor executor) {
    this.executor = Optional.of(executor);
    return this;
  }

  /// How many file descriptors a message may have, as on [ServerSide#maxUnixFds(int)]. With 0, the
  /// server is not asked whether it passes any.
  ///
  /// @throws IllegalArgumentException if it is not 0 to 253
  public ClientSide maxUnixFds(int most) {
    this.limits = limits.withUnixFds(ServerSide.requireUnixFds(most));
    return this;
  }

  /// What the server may cost; by default [ConnectionLimits#DEFAULT].
  public ClientSide limits(ConnectionLimits limits) {
    this.limits = limits;
    return this;
  }

  /// Which D-Bus error stands for which exception, for handlers and for calls; by default nothing
  /// is registered.
  public ClientSide errors(ErrorMapping errors) {
    this.errors = errors;
    return this;
  }

  /// Exports interfaces that the server may call, from its first message on.
  ///
  /// @throws IllegalStateException if one of them is at this path already
  public ClientSide export(String path, Interface... interfaces) {
    var _ = objects.export(new ObjectPath(path), interfaces);
    return this;
  }

  /// Is shown the connection when the server has let this side in, before its first message is
  /// read. A filter, an object or a subscription that is added here misses nothing, where one that
  /// is added after [#connect()] may have missed what came at once:
  ///
  /// ```java
  /// DBusConnection peer =
  ///     DBusConnection.to(address)
  ///         .onAuthenticated(connection -> connection.subscribe(SignalMatch.all(), this::heard))
  ///         .connect();
  /// ```
  ///
  /// Runs on the thread that reads, so it must not wait for a reply. If it throws, the connection
  /// is closed, and connecting fails.
  public ClientSide onAuthenticated(Consumer<DBusConnection> opening) {
    this.opening = opening;
    return this;
  }

  /// Connects to the first address where somebody answers, and authenticates there. A server that
  /// answers and refuses is not passed over for the next.
  ///
  /// @throws ConnectException if it did not work; it tells why for each address that was tried
  public DBusConnection connect() throws ConnectException {
    return connect(new Connector(unixSockets, otherMachines)::connect);
  }

  /// How a transport to an address is had.
  @FunctionalInterface
  interface Dialling {
    Transport connect(Address address, Duration limit) throws IOException;
  }

  DBusConnection connect(Dialling dialling) throws ConnectException {
    TimeLimit limit = TimeLimit.of(connectTime);
    return switch (target) {
      case Given(Transport transport) -> connectOver(transport, limit);
      case Listed(AddressList addresses) -> connectToFirst(addresses, dialling, limit);
    };
  }

  private DBusConnection connectOver(Transport transport, TimeLimit limit) throws ConnectException {
    try {
      return authenticate(handshake(Optional.empty(), transport, pipelined), transport, limit);
    } catch (IOException e) {
      throw new ConnectException("cannot connect: " + e.getMessage(), e);
    }
  }

  private DBusConnection connectToFirst(AddressList addresses, Dialling dialling, TimeLimit limit)
      throws ConnectException {
    ConnectFailures failures = new ConnectFailures(addresses);
    for (Address address : addresses) {
      if (limit.isOver()) {
        failures.add(address, new IOException("not tried: no time is left of " + limit.whole()));
        continue;
      }
      Transport transport;
      try {
        transport = dialling.connect(address, limit.left());
      } catch (IOException | AddressException e) {
        failures.add(address, e);
        continue;
      }
      try {
        return authenticate(address, transport, dialling, limit);
      } catch (IOException e) {
        failures.add(address, e);
        break;
      }
    }
    throw failures.toException();
  }

  private DBusConnection authenticate(
      Address address, Transport transport, Dialling dialling, TimeLimit limit) throws IOException {
    ClientHandshake handshake = handshake(address.guid(), transport, pipelined);
    try {
      return authenticate(handshake, transport, limit);
    } catch (IOException e) {
      if (!pipelined
          || !hungUp(handshake.status())
          || limit.isOver()
          || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      Transport another = dialling.connect(address, limit.left());
      return authenticate(handshake(address.guid(), another, false), another, limit);
    }
  }

  /// Whether the server left without a refusal, or said what cannot be followed. It may be one that
  /// does not like what comes early. Whoever writes may notice that it left before whoever reads
  /// does: then the handshake itself knows of nothing.
  private static boolean hungUp(HandshakeStatus status) {
    return switch (status) {
      case NeedsMore _ -> true;
      case Failed failed ->
          failed.reason() == FailureReason.END_OF_STREAM
              || failed.reason() == FailureReason.UNEXPECTED_LINE;
      case Authenticated _ -> false;
    };
  }

  private ClientHandshake handshake(Optional<Guid> guid, Transport transport, boolean atOnce) {
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(mechanisms)
            .pipelined(atOnce)
            .unixFds(unixFds(transport) > 0);
    guid.ifPresent(builder::expectedGuid);
    return builder.build();
  }

  private int unixFds(Transport transport) {
    return Math.min(limits.unixFds(), transport.maxUnixFds());
  }

  private DBusConnection authenticate(
      ClientHandshake handshake, Transport transport, TimeLimit limit) throws IOException {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    Engine engine =
        new Engine(
            setup(
                handshake,
                transport,
                limit.left(),
                connection -> {
                  opening.accept(connection);
                  return opened.complete(connection);
                }));
    var _ = engine.over().thenAccept(reason -> opened.completeExceptionally(failure(reason)));
    engine.start();
    try {
      return opened.get();
    } catch (InterruptedException e) {
      transport.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in the handshake", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw new IOException(failed.getMessage(), failed);
      }
      throw new AssertionError(e);
    }
  }

  /// What is chosen, and what is not, with its default.
  Setup setup(
      ClientHandshake handshake,
      Transport transport,
      Duration handshakeTime,
      Predicate<DBusConnection> claim) {
    return new Setup(
        transport,
        ConnectionThreads.EXECUTOR,
        handshake,
        handshakeTime,
        objects,
        executor,
        claim,
        limits.withUnixFds(unixFds(transport)),
        connection -> Budget.UNLIMITED,
        ConnectionLimits.UNIX_FDS_TIME,
        errors,
        paused,
        concurrent,
        Bookkeeping.NONE);
  }

  private static IOException failure(CloseReason reason) {
    return new IOException(reason.detail(), reason.cause().orElse(null));
  }
}
