package dbus.server;

import dbus.address.Address;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.connection.DBusConnection;
import dbus.connection.Export;
import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Transport;
import dbus.server.listening.Listener;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
/// be started again. One that was given its only peer by systemd, with `Accept=yes`, stops by
/// itself when that peer has left. All methods may be called from any thread.
public final class DBusServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(DBusServer.class.getName());

  /// How long closing waits for what was sent to be written, to all peers together.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /// A patience beyond this is without end.
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<Listener> listeners;
  private final List<ListenFailure> passedOver;
  private final ObjectTree objects;
  private final Reception reception;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private final Watch watch;
  private final Reception.Setup options;
  private @Nullable ServerBean bean;

  /// Changed under the lock of this server alone, and told under it, so that it is told in order.
  private volatile ServerState state = ServerState.BOUND;

  private volatile @Nullable Thread stopping;

  private DBusServer(
      Reception.Setup options,
      Watch watch,
      List<Listener> listeners,
      List<ListenFailure> passedOver) {
    this.listeners = List.copyOf(listeners);
    this.passedOver = List.copyOf(passedOver);
    this.objects = options.objects();
    this.options = options;
    this.watch = watch;
    this.reception = new Reception(options, watch);
  }

  /// @param policy of the options, with all that was said besides it
  static DBusServer of(
      DBusServerBuilder options,
      AuthPolicy policy,
      List<Listener> listeners,
      List<ListenFailure> passedOver) {
    Reception.Setup setup = options.setup(policy);
    DBusServer server =
        new DBusServer(setup, new Watch(setup.limits(), options.listeners), listeners, passedOver);
    if (options.jmx) {
      server.bean = ServerBean.show(server);
    }
    return server;
  }

  /// Describes a server at an address, or at the first of a list that can be listened on.
  ///
  /// @param addresses such as `unix:tmpdir=/tmp` or `unix:path=/run/example/socket`; the table of
  ///   [dbus.server] has all of them
  /// @throws dbus.address.AddressException if this is not a D-Bus address
  public static DBusServerBuilder at(String addresses) {
    return at(AddressList.parse(addresses));
  }

  /// Describes a server at the first of these addresses that can be listened on.
  public static DBusServerBuilder at(AddressList addresses) {
    return new DBusServerBuilder(new Place.Listed(addresses));
  }

  /// Describes a server at a channel that is bound already: a unix socket or one of the internet
  /// protocol, of the JDK or of junixsocket. The address for clients is made from its own.
  ///
  /// When the server is open the channel belongs to it, is in blocking mode, and is closed when the
  /// server stops. The file of a unix socket stays: it is whoever's who made it.
  public static DBusServerBuilder at(ServerSocketChannel bound) {
    return new DBusServerBuilder(new Place.Given(bound));
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
    if (state == ServerState.BOUND) {
      change(ServerState.ACTIVE);
      listeners.forEach(this::acceptAt);
      // Not a daemon, unlike the threads that accept and read: a server keeps the JVM running.
      Thread.ofPlatform().name("dbus-server").start(this::awaitStopAnyhow);
      stopWhenDeserted();
    }
    return this;
  }

  /// If none of its places listens. Whoever tells that a peer has left goes on meanwhile.
  private void stopWhenDeserted() {
    List<CompletableFuture<Void>> deserted =
        listeners.stream()
            .flatMap(place -> place.deserted().stream())
            .map(CompletionStage::toCompletableFuture)
            .toList();
    if (deserted.size() == listeners.size()) {
      var _ =
          CompletableFuture.allOf(deserted.toArray(CompletableFuture<?>[]::new))
              .thenRunAsync(this::stop, ConnectionThreads.EXECUTOR);
    }
  }

  /// Under the lock.
  private void change(ServerState next) {
    state = next;
    watch.stateChanged(next);
  }

  private void acceptAt(Listener listener) {
    for (Acceptor acceptor : listener.acceptors()) {
      new AcceptLoop(
              acceptor,
              transport -> reception.admit(transport, listener),
              failure -> watch.acceptFailed(listener.clientAddress(), failure),
              this::isActive,
              stopped)
          .start();
    }
  }

  /// Takes a peer that did not come to one of the places of this server: over any transport, such
  /// as streams, one side of a [dbus.connection.transport.TransportPair], or a socket that is
  /// connected already ([dbus.connection.transport.ConnectedSocket]). It is received like all
  /// others, by the same policy and limits, and sees the same objects; it is told [#guid()]. Waits
  /// for room among the unfinished handshakes, if there is none, and not for the peer. The
  /// transport belongs to the server.
  ///
  /// @throws IllegalStateException if the server is not active; the transport is closed then
  public void serve(Transport peer) {
    if (!isActive()) {
      peer.close();
      throw new IllegalStateException("the server is not active; start it first");
    }
    reception.receive(peer, listeners.getFirst());
  }

  /// Ends accepting, and removes what was made in the file system: the socket, the nonce. From its
  /// return on, who tries to connect is refused at once. Handshakes that are not complete are
  /// ended; connections go on. Does nothing if it is stopped.
  public void stop() {
    synchronized (this) {
      if (isStopped()) {
        return;
      }
      stopping = Thread.currentThread();
      change(ServerState.STOPPED);
    }
    listeners.forEach(Listener::close);
    reception.stop();
    stopped.countDown();
  }

  /// Stops, and closes all connections, after what was sent to them has been written; that is
  /// waited for up to five seconds in all.
  @Override
  public void close() {
    stop();
    awaitStopByAnother();
    reception.close();
    // One deadline for all: a peer that does not read must not hold up the end of the others.
    long deadline = System.nanoTime() + CLOSING.toNanos();
    for (DBusConnection connection : reception.connections()) {
      connection.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    synchronized (this) {
      if (state != ServerState.CLOSED) {
        change(ServerState.CLOSED);
      }
      if (bean != null) {
        bean.close();
        bean = null;
      }
    }
  }

  /// Stops, lets the calls that are in progress be answered, and then closes all connections.
  ///
  /// A call that comes meanwhile is not begun: it is answered with the error
  /// `org.freedesktop.DBus.Error.Disconnected`, so that its caller may well try it elsewhere. To
  /// serve it would give a busy peer the power to keep the server from stopping.
  ///
  /// @param patience how long to wait for the calls; those that are not answered then get no answer
  /// @return whether all were answered
  public boolean stopGracefully(Duration patience) throws InterruptedException {
    stop();
    boolean answered = true;
    try {
      Duration wait = patience.compareTo(LONGEST) < 0 ? patience : LONGEST;
      reception.finishCalls().get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answered = false;
    } catch (ExecutionException e) {
      throw new AssertionError("it completes, and does not fail", e);
    } finally {
      close();
    }
    return answered;
  }

  /// Another thread may be about to close the sockets: whoever ends the process next would leave
  /// their files behind. It cannot hang, but on a listener that waits for this thread.
  private void awaitStopByAnother() {
    if (Thread.currentThread().equals(stopping)) {
      return;
    }
    try {
      if (!stopped.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "another thread has begun to stop the server, and takes long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopped() {
    return state == ServerState.STOPPED || state == ServerState.CLOSED;
  }

  /// Whether it accepts peers.
  public boolean isActive() {
    return state == ServerState.ACTIVE;
  }

  /// Where it is in its life. Its changes are told to [ServerListener#stateChanged(ServerState)].
  public ServerState state() {
    return state;
  }

  /// What peers may cost it; every number is there, the connections of one user included.
  public ServerLimits limits() {
    return options.limits();
  }

  /// Who may connect, with the observers that must agree.
  public AuthPolicy policy() {
    return options.policy();
  }

  /// What it has counted so far.
  public ServerCounters counters() {
    return reception.counters();
  }

  /// Waits until it is stopped.
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /// What clients connect to: the first of [#clientAddresses()].
  public Address clientAddress() {
    return clientAddresses().getFirst();
  }

  /// What clients connect to: an address for each place where this server listens, in the order in
  /// which they were asked for, with a guid of its own.
  public List<Address> clientAddresses() {
    return listeners.stream().map(Listener::clientAddress).toList();
  }

  /// Why addresses were not listened on that stood in their list before one that works; in their
  /// order.
  public List<ListenFailure> passedOver() {
    return passedOver;
  }

  /// What a peer is told that it is connected to, at [#clientAddress()].
  public Guid guid() {
    return listeners.getFirst().guid();
  }

  /// The peers that are connected at this moment.
  public Set<DBusConnection> connections() {
    return reception.connections();
  }

  /// Sends a signal to all peers that are connected. See [#broadcast(Signal, Predicate)].
  public int broadcast(Signal signal) {
    return broadcast(signal, connection -> true);
  }

  /// Sends a signal to some of the peers that are connected. It waits for none of them: a peer that
  /// is slow gets it later, and one that has let [dbus.connection.ConnectionLimits#outgoingBytes()]
  /// pile up is disconnected.
  ///
  /// A signal with file descriptors cannot be broadcast, since a descriptor can be sent once: send
  /// a duplicate of each to each connection.
  ///
  /// @param to says which; called on this thread
  /// @return how many it goes to
  /// @throws IllegalArgumentException if it has file descriptors, which are closed then, or cannot
  ///   be sent since it is too large
  public int broadcast(Signal signal, Predicate<DBusConnection> to) {
    if (signal.unixFds() > 0) {
      signal.body().unixFds().close();
      throw new IllegalArgumentException(
          "a signal with file descriptors cannot be broadcast: each can be sent once");
    }
    int count = 0;
    for (DBusConnection connection : connections()) {
      if (to.test(connection)) {
        connection.post(signal);
        count++;
      }
    }
    return count;
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
}
