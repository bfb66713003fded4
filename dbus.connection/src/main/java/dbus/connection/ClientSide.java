package dbus.connection;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Failed;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/// Describes the client's side of a connection, and makes it.
public final class ClientSide {

  /// How long connecting to one address may take.
  public static final Duration DEFAULT_CONNECT_TIME = Duration.ofSeconds(25);

  private final AddressList addresses;
  private final ObjectTree objects = new ObjectTree();
  private List<ClientMechanism> mechanisms = List.of(ClientMechanism.external());
  private boolean pipelined;
  private boolean otherMachines;
  private Duration connectTime = DEFAULT_CONNECT_TIME;
  private Optional<Executor> executor = Optional.empty();
  private int maxUnixFds = ServerSide.DEFAULT_UNIX_FDS;

  ClientSide(AddressList addresses) {
    this.addresses = addresses;
  }

  /// The mechanisms to authenticate with, in the order in which they are tried; by default EXTERNAL
  /// alone.
  ///
  /// @throws IllegalArgumentException if there is none, or one is named twice
  public ClientSide mechanisms(ClientMechanism... inOrder) {
    this.mechanisms = List.of(inOrder);
    return this;
  }

  /// Saves a round trip in the handshake where descriptors can be passed: they are asked for
  /// together with the first mechanism. If the server hangs up at this, the client connects once
  /// more and goes step by step. By default each step waits for the one before, which everybody can
  /// take.
  public ClientSide pipelined() {
    this.pipelined = true;
    return this;
  }

  /// How long connecting to one address may take; by default [#DEFAULT_CONNECT_TIME]. The handshake
  /// has a limit of its own, of 30 seconds.
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
    this.maxUnixFds = ServerSide.requireUnixFds(most);
    return this;
  }

  /// Exports interfaces that the server may call, from its first message on.
  ///
  /// @throws IllegalStateException if one of them is at this path already
  public ClientSide export(String path, Interface... interfaces) {
    var _ = objects.export(new ObjectPath(path), interfaces);
    return this;
  }

  /// Connects to the first address where somebody answers, and authenticates there. A server that
  /// answers and refuses is not passed over for the next.
  ///
  /// @throws ConnectException if it did not work; it tells why for each address that was tried
  public DBusConnection connect() throws ConnectException {
    return connect(new Connector(connectTime, otherMachines)::connect);
  }

  /// How a transport to an address is had.
  @FunctionalInterface
  interface Dialling {
    Transport connect(Address address) throws IOException;
  }

  DBusConnection connect(Dialling dialling) throws ConnectException {
    List<Exception> reasons = new ArrayList<>();
    for (Address address : addresses) {
      Transport transport;
      try {
        transport = dialling.connect(address);
      } catch (IOException | AddressException e) {
        reasons.add(e);
        continue;
      }
      try {
        return authenticate(address, transport, dialling);
      } catch (IOException e) {
        reasons.add(e);
        break;
      }
    }
    Exception last = reasons.getLast();
    ConnectException failure =
        new ConnectException(
            "cannot connect to %s: %s".formatted(addresses, last.getMessage()), last);
    reasons.subList(0, reasons.size() - 1).forEach(failure::addSuppressed);
    throw failure;
  }

  private DBusConnection authenticate(Address address, Transport transport, Dialling dialling)
      throws IOException {
    ClientHandshake handshake = handshake(address, transport, pipelined);
    try {
      return authenticate(handshake, transport);
    } catch (IOException e) {
      if (!pipelined || !hungUp(handshake.status())) {
        throw e;
      }
      Transport another = dialling.connect(address);
      return authenticate(handshake(address, another, false), another);
    }
  }

  /// Whether the server left without a refusal, or said what cannot be followed. It may be one that
  /// does not like what comes early.
  private static boolean hungUp(HandshakeStatus status) {
    return status instanceof Failed failed
        && (failed.reason() == FailureReason.END_OF_STREAM
            || failed.reason() == FailureReason.UNEXPECTED_LINE);
  }

  private ClientHandshake handshake(Address address, Transport transport, boolean atOnce) {
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(mechanisms)
            .pipelined(atOnce)
            .unixFds(unixFds(transport) > 0);
    address.guid().ifPresent(builder::expectedGuid);
    return builder.build();
  }

  private int unixFds(Transport transport) {
    return Math.min(maxUnixFds, transport.maxUnixFds());
  }

  private DBusConnection authenticate(ClientHandshake handshake, Transport transport)
      throws IOException {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    Engine engine =
        new Engine(
            new Engine.Setup(
                transport,
                handshake,
                HandshakeLimits.DEFAULT.timeLimit(),
                objects,
                executor,
                opened::complete,
                ServerSide.DEFAULT_CALLS_IN_PROGRESS,
                ServerSide.DEFAULT_OUTGOING_BYTES,
                unixFds(transport),
                ServerSide.COMPLETION_TIME));
    var _ =
        engine
            .over()
            .thenAccept(reason -> opened.completeExceptionally(new IOException(reason.detail())));
    engine.start();
    try {
      return opened.get();
    } catch (InterruptedException e) {
      transport.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in the handshake", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }
}
