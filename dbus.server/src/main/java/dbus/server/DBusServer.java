package dbus.server;

import dbus.address.Address;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.connection.DBusConnection;
import dbus.connection.Export;
import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Transport;
import dbus.wire.ObjectPath;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Listens at a D-Bus address and serves every peer that connects and authenticates.
///
/// ```java
/// try (DBusServer server =
///     DBusServer.at("unix:tmpdir=/tmp").export("/com/example/Greeter", greeter).start()) {
///   System.out.println(server.clientAddress());
///   server.awaitStop();
/// }
/// ```
///
/// By default only the user of this process may connect. There is no message bus: peers do not see
/// each other, and messages go from a peer to this process and back.
///
/// A server is bound when it is made, active from [#start()] to [#stop()], and then over: it cannot
/// be started again. All methods may be called from any thread.
public final class DBusServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(DBusServer.class.getName());

  /// How long accepting pauses when it fails, as it does when descriptors run out.
  private static final Duration PAUSE = Duration.ofMillis(100);

  /// How long closing waits for what was sent to be written, to all peers together.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final DBusServerBuilder options;
  private final UnixListener listener;
  private final ObjectTree objects;

  /// Of peers that are not authenticated yet.
  private final Set<Transport> handshakes = ConcurrentHashMap.newKeySet();

  private final Set<DBusConnection> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private enum State {
    BOUND,
    ACTIVE,
    STOPPED,
    CLOSED
  }

  /// Changed under the lock of this server alone.
  private volatile State state = State.BOUND;

  DBusServer(DBusServerBuilder options, UnixListener listener) {
    this.options = options;
    this.listener = listener;
    this.objects = options.objects;
  }

  /// Describes a server at an address, or at the first of a list that can be listened on.
  ///
  /// @param addresses such as `unix:tmpdir=/tmp` or `unix:path=/run/example/socket`
  /// @throws dbus.address.AddressException if this is not a D-Bus address
  public static DBusServerBuilder at(String addresses) {
    return new DBusServerBuilder(AddressList.parse(addresses));
  }

  /// Describes a server at the first of these addresses that can be listened on.
  public static DBusServerBuilder at(AddressList addresses) {
    return new DBusServerBuilder(addresses);
  }

  /// Begins to accept peers; those that have come since the server was made are first. Does nothing
  /// if it is active.
  ///
  /// @return this server
  /// @throws IllegalStateException if it is stopped
  public synchronized DBusServer start() {
    if (isStopped()) {
      throw new IllegalStateException("the server is stopped; make a new one");
    }
    if (state == State.BOUND) {
      state = State.ACTIVE;
      ConnectionThreads.EXECUTOR.execute(this::acceptPeers);
      // Not a daemon, unlike the threads that accept and read: a server keeps the JVM running.
      Thread.ofPlatform().name("dbus-server").start(this::awaitStopAnyhow);
    }
    return this;
  }

  /// Ends accepting and removes the socket. Handshakes that are not complete are ended; connections
  /// go on. Does nothing if it is stopped.
  public void stop() {
    synchronized (this) {
      if (isStopped()) {
        return;
      }
      state = State.STOPPED;
    }
    listener.close();
    handshakes.forEach(Transport::close);
    stopped.countDown();
  }

  /// Stops, and closes all connections, after what was sent to them has been written; that is
  /// waited for up to five seconds in all.
  @Override
  public void close() {
    stop();
    synchronized (this) {
      state = State.CLOSED;
    }
    // One deadline for all: a peer that does not read must not hold up the end of the others.
    long deadline = System.nanoTime() + CLOSING.toNanos();
    for (DBusConnection connection : connections) {
      connection.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }

  private boolean isStopped() {
    return state == State.STOPPED || state == State.CLOSED;
  }

  /// Whether it accepts peers.
  public boolean isActive() {
    return state == State.ACTIVE;
  }

  /// Waits until it is stopped.
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /// What clients connect to, with the guid of this server.
  public Address clientAddress() {
    return listener.clientAddress();
  }

  /// What every peer is told that it is connected to.
  public Guid guid() {
    return options.guid;
  }

  /// The peers that are connected at this moment.
  public Set<DBusConnection> connections() {
    return Set.copyOf(connections);
  }

  /// Exports interfaces at a path, for all peers, those that are connected and those that will be.
  ///
  /// @return closing it takes them away again
  /// @throws IllegalStateException if one of them is at this path already
  public Export export(ObjectPath path, Interface... interfaces) {
    return objects.export(path, interfaces);
  }

  private void awaitStopAnyhow() {
    boolean waits = true;
    while (waits) {
      try {
        stopped.await();
        waits = false;
      } catch (InterruptedException e) {
        LOG.log(Level.DEBUG, "nobody stops a server so", e);
      }
    }
  }

  /// Accepts peers, of which this thread serves one: the first for which another thread takes its
  /// place here. So a peer meets a thread that is running already, and there is always one that
  /// accepts, or is on its way to, whatever the peers do. One thread at a time has the right to
  /// accept, and hands it on by starting the next.
  private void acceptPeers() {
    Optional<Transport> mine = Optional.empty();
    while (mine.isEmpty() && state == State.ACTIVE) {
      try {
        mine = acceptOne();
      } catch (IOException | RuntimeException | Error e) {
        // A server outlives whatever one peer, or a lack of descriptors or threads, does to it.
        if (state == State.ACTIVE) {
          LOG.log(Level.WARNING, "a peer could not be accepted", e);
          pause();
        }
      }
    }
    mine.ifPresent(this::serveHere);
  }

  /// Waits for a peer, and has another thread wait for the next.
  private Optional<Transport> acceptOne() throws IOException {
    Transport peer = listener.accept();
    handshakes.add(peer);
    try {
      ConnectionThreads.EXECUTOR.execute(this::acceptPeers);
      return Optional.of(peer);
    } catch (RuntimeException | Error e) {
      handshakes.remove(peer);
      peer.close();
      throw e;
    }
  }

  /// Reads from a peer, on this thread.
  private void serveHere(Transport peer) {
    List<Runnable> reading = new ArrayList<>(1);
    try {
      serve(peer, reading::add);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a peer could not be served", e);
    }
    reading.forEach(Runnable::run);
  }

  private void pause() {
    try {
      if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Transport transport, Executor reader) {
    try {
      begin(transport, reader);
    } catch (RuntimeException | Error e) {
      handshakes.remove(transport);
      transport.close();
      throw e;
    }
    if (isStopped() && handshakes.remove(transport)) {
      transport.close();
    }
  }

  private void begin(Transport transport, Executor reader) {
    var _ =
        DBusConnection.serverSide(transport, options.guid)
            .policy(options.policy)
            .errors(options.errors)
            .objects(objects)
            .maxUnixFds(options.maxUnixFds)
            .firstReader(reader)
            .onAuthenticated(connection -> {
              handshakes.remove(transport);
              return claim(connection);
            })
            .start()
            .whenComplete((reason, failure) -> handshakes.remove(transport));
  }

  private boolean claim(DBusConnection connection) {
    if (isStopped() || !options.claim.test(connection)) {
      return false;
    }
    connections.add(connection);
    var _ = connection.closed().whenComplete((reason, failure) -> connections.remove(connection));
    // Looked at after it was added: whoever closes the server either finds it there, or is
    // seen here.
    return state != State.CLOSED;
  }
}
