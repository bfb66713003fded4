package dbus.connection;

import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.connection.CloseReason.Kind;
import dbus.connection.delivery.Deliveries;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.observing.Onlookers;
import dbus.connection.observing.Wiretap;
import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.Ticket;
import dbus.connection.reading.ReadingRole;
import dbus.connection.threads.Deadlines;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Type;
import dbus.wire.WireReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// One authenticated peer.
///
/// There is no message bus between the two sides: neither has a unique name, and what a message
/// says of its sender means nothing. Who the peer is, is told by [#identity()].
///
/// All methods may be called from any thread, also from handlers.
public final class DBusConnection implements AutoCloseable {

  /// How long [#close()] waits for what was sent to be written.
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Authenticated peer;
  private final Credentials credentials;
  private final Optional<SocketAddress> remoteAddress;
  private final Onlookers onlookers;
  private final Outbox outbox;
  private final PendingCalls pending;
  private final Deliveries deliveries;
  private final Subscriptions subscriptions;
  private final ObjectTree objects;
  private final ErrorMapping errors;
  private final Engine engine;

  DBusConnection(
      Authenticated peer,
      Credentials credentials,
      Optional<SocketAddress> remoteAddress,
      Onlookers onlookers,
      Outbox outbox,
      PendingCalls pending,
      Deliveries deliveries,
      Subscriptions subscriptions,
      ObjectTree objects,
      ErrorMapping errors,
      Engine engine) {
    this.peer = peer;
    this.credentials = credentials;
    this.remoteAddress = remoteAddress;
    this.onlookers = onlookers;
    this.outbox = outbox;
    this.pending = pending;
    this.deliveries = deliveries;
    this.subscriptions = subscriptions;
    this.objects = objects;
    this.errors = errors;
    this.engine = engine;
  }

  /// How long a call waits for its reply if nothing else is said; as long as in libdbus, GDBus and
  /// sd-bus.
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(25);

  /// Connects to a server, at the first of the addresses where one answers, and authenticates as
  /// the user of this process.
  ///
  /// @param addresses such as `unix:path=/run/example/socket`
  /// @throws dbus.address.AddressException if this is not a D-Bus address
  /// @throws ConnectException if nobody could be connected to; it tells why for each address
  public static DBusConnection connect(String addresses) throws ConnectException {
    return to(addresses).connect();
  }

  /// Describes a connection to a server, where there is more to say than its address.
  ///
  /// @throws dbus.address.AddressException if this is not a D-Bus address
  public static ClientSide to(String addresses) {
    return to(AddressList.parse(addresses));
  }

  /// Describes a connection to the server at the first of these addresses where one answers.
  public static ClientSide to(AddressList addresses) {
    return new ClientSide(new ClientSide.Listed(addresses));
  }

  /// Describes the client's side of a connection over a transport, such as one of a
  /// [TransportPair][dbus.connection.transport.TransportPair].
  ///
  /// @param transport not started; it belongs to the connection from then on
  public static ClientSide clientSide(Transport transport) {
    return new ClientSide(new ClientSide.Given(transport));
  }

  /// Describes the server's side of a connection over a transport.
  ///
  /// @param transport not started; it belongs to the connection from then on
  /// @param guid the server's, which the peer is told
  public static ServerSide serverSide(Transport transport, Guid guid) {
    return new ServerSide(transport, guid);
  }

  /// Who the peer has proved to be; empty if it is anonymous, or if it is the server, which proves
  /// nothing.
  public Optional<Credentials> identity() {
    return peer.identity();
  }

  /// Who the operating system says the peer is, whoever it has authenticated as;
  /// [Credentials#UNKNOWN] where it does not say. For information: decide by [#identity()].
  public Credentials credentials() {
    return credentials;
  }

  /// Where the peer's end of the socket is: an [InetSocketAddress][java.net.InetSocketAddress] over
  /// tcp; a [UnixDomainSocketAddress][java.net.UnixDomainSocketAddress] if it is a unix socket that
  /// is bound to a path, as a server's is, and hardly ever a client's; else empty. It is the same
  /// when the connection has ended. For information: it proves nothing.
  public Optional<SocketAddress> remoteAddress() {
    return remoteAddress;
  }

  /// The mechanism that it authenticated with, such as `EXTERNAL`.
  public String mechanism() {
    return peer.mechanism();
  }

  /// The guid of the server that this connection belongs to.
  public Guid serverGuid() {
    return peer.guid();
  }

  /// Whether both sides agreed to pass file descriptors.
  public boolean passesUnixFds() {
    return maxUnixFds() > 0;
  }

  /// How many file descriptors a message may have, in either direction; 0 if none can be passed.
  public int maxUnixFds() {
    return outbox.maxUnixFds();
  }

  /// Exports interfaces at a path, for this peer alone. Those that are exported when the connection
  /// is new are there for its first message.
  ///
  /// @return closing it takes them away again
  /// @throws IllegalStateException if one of them is at this path already
  public Export export(ObjectPath path, Interface... interfaces) {
    return objects.export(path, interfaces);
  }

  /// Exports a subtree, for this peer alone: objects that are made when they are asked for.
  ///
  /// @return closing it takes the subtree away again
  /// @throws IllegalStateException if there is a subtree at this path already
  public Export export(ObjectPath path, Subtree subtree) {
    return objects.export(path, subtree);
  }

  /// Sends a message; its serial is given here. The message is written at once, by this thread, or
  /// behind those that are being written; where the peer is slow to read, another thread writes it.
  /// Where too much waits already, this waits too; see [ConnectionLimits#outgoingBytes()], and
  /// [SendOption#FAIL_IF_FULL].
  ///
  /// File descriptors in it are handed over: they are closed when they have left, and also when
  /// sending fails. Who wants to keep one sends a [UnixFd#duplicate()].
  ///
  /// @return the serial, an unsigned number; 0 if a filter took the message away
  /// @throws java.io.InterruptedIOException if this thread is interrupted while it waits; it stays
  ///   marked as interrupted, the message is not sent, and the connection goes on
  /// @throws IOException if the connection has ended
  /// @throws IllegalArgumentException if the message cannot be sent, being too large, or having
  ///   more file descriptors than [#maxUnixFds()], or one that is closed; the connection goes on
  public int send(Message message) throws IOException {
    Given given = new Given();
    if (!outbox.send(message, OptionalInt.empty(), given)) {
      throw ended();
    }
    return given.serial;
  }

  /// Sends a message, as [#send(Message)] does, but for what the options say.
  ///
  /// @return the serial, an unsigned number; 0 if a filter took the message away
  /// @throws OutgoingFullException if it was not to wait, and too much waits already; the
  ///   connection goes on
  /// @throws IOException as [#send(Message)]
  /// @throws IllegalArgumentException if the message cannot be sent, being too large; or if it is
  ///   to keep its serial, and has none, or one that the reply to a call of this side is still
  ///   awaited for; the connection goes on
  public int send(Message message, SendOption... options) throws IOException {
    Set<SendOption> chosen = Set.copyOf(List.of(options));
    OptionalInt preserved =
        chosen.contains(SendOption.PRESERVE_SERIAL)
            ? OptionalInt.of(message.serial())
            : OptionalInt.empty();
    Given given = new Given();
    boolean taken =
        chosen.contains(SendOption.FAIL_IF_FULL)
            ? outbox.offer(message, preserved, given)
            : outbox.send(message, preserved, given);
    if (!taken) {
      throw ended();
    }
    return given.serial;
  }

  /// The serial that a message was given.
  private static final class Given implements Ticket {
    private int serial;

    @Override
    public void given(int its) {
      serial = its;
    }

    @Override
    public void refused(IOException why) {
      NONE.refused(why);
    }
  }

  /// The connection takes nothing more.
  private IOException ended() {
    String why = engine.whyEnded();
    return PendingCalls.ended(why.isEmpty() ? "it takes no messages" : why);
  }

  /// Calls a method and waits for its reply, for [#DEFAULT_TIMEOUT] at most.
  ///
  /// @param arguments of the call; [Body#EMPTY] if there are none
  /// @return what the method returned; file descriptors in it are the caller's to close
  /// @throws DBusErrorException if the peer replied with an error
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  /// @throws IllegalArgumentException if one of the names is not valid
  public Body call(String path, String interfaceName, String member, Body arguments)
      throws DBusErrorException, IOException, InterruptedException {
    MethodCall call =
        MethodCall.of(
            new ObjectPath(path), new InterfaceName(interfaceName), new MemberName(member));
    return call(call.withBody(arguments), DEFAULT_TIMEOUT).body();
  }

  /// Calls a method that returns one value, and waits for it, for [#DEFAULT_TIMEOUT] at most:
  ///
  /// ```java
  /// String greeting =
  ///     peer.call("/com/example/Greeter", "com.example.Greeter1", "Greet", Body.of(STRING, "you"), STRING);
  /// ```
  ///
  /// @param arguments of the call; [Body#EMPTY] if there are none
  /// @param result of the method
  /// @throws DBusErrorException if the peer replied with an error, or, by the name of
  ///   `org.freedesktop.DBus.Error.InvalidArgs`, if it returned something of another type, or a
  ///   value that the codec refuses; the connection goes on
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  /// @throws IllegalArgumentException if one of the names is not valid
  public <R> R call(
      String path, String interfaceName, String member, Body arguments, Codec<R> result)
      throws DBusErrorException, IOException, InterruptedException {
    return PeersValue.replied(
        result,
        reply(path, interfaceName, member, arguments, result.type()),
        "what %s.%s at %s returned".formatted(interfaceName, member, path));
  }

  /// Calls a method that returns one value of a type, and waits for it.
  ///
  /// @return a cursor at the value
  WireReader reply(String path, String interfaceName, String member, Body arguments, Type result)
      throws DBusErrorException, IOException, InterruptedException {
    Body reply = call(path, interfaceName, member, arguments);
    if (!reply.signature().isExactly(result)) {
      throw new DBusErrorException(
          ErrorName.INVALID_ARGS,
          "%s.%s at %s returned \"%s\", not \"%s\""
              .formatted(interfaceName, member, path, reply.signature(), result));
    }
    return reply.reader();
  }

  /// Sends a call and waits for its reply.
  ///
  /// Interrupting the waiting thread gives up on the reply; the peer is not told.
  ///
  /// @param timeout how long to wait; a year or longer means as long as the connection lasts
  /// @throws DBusErrorException if the peer replied with an error; or, by the name of
  ///   `org.freedesktop.DBus.Error.LimitsExceeded`, in a handler where no further thread can be
  ///   had, or the [Budget] of the peer's user allows none: then nobody would read the reply
  /// @throws CallTimeoutException if no reply came in time
  /// @throws IOException if the connection has ended, or ends before the reply
  /// @throws IllegalArgumentException if the call wants no reply, or cannot be sent
  /// @throws IllegalStateException in the handler of a new connection, before whose end nothing is
  ///   read from the peer; or on an executor that runs handlers on the thread that reads
  public MethodReturn call(MethodCall call, Duration timeout)
      throws DBusErrorException, IOException, InterruptedException {
    PendingCall reply = expectReply(call, timeout);
    try {
      engine.requireOthersRead();
      if (!outbox.sendWithin(nanos(timeout), call, reply)) {
        reply.completeExceptionally(ended());
      }
    } catch (OutgoingFullException e) {
      reply.completeExceptionally(
          new CallTimeoutException(
              "%s %s: not even sent within %s: %s"
                  .formatted(call.path(), call.member(), timeout, e.getMessage())));
    } catch (InterruptedException | RuntimeException | DBusErrorException e) {
      Descriptors.close(call);
      reply.cancel(false);
      throw e;
    }
    return reply.await();
  }

  private static long nanos(Duration timeout) {
    return timeout.compareTo(Deadlines.LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
  }

  /// Sends a call; the reply completes the future.
  ///
  /// This never waits for the peer. The future mostly completes on the thread that reads from the
  /// peer; what depends on it may take long there, as a handler may. Cancelling it gives up on the
  /// reply; the peer is not told. It fails as [#call(MethodCall, Duration)] does.
  ///
  /// A handler that waits for it, or for a future derived from it by its own methods, lets the peer
  /// call back meanwhile; one that waits for a future of another kind that it completes, such as
  /// [CompletableFuture#allOf], does not.
  ///
  /// @param timeout how long to wait; a year or longer means as long as the connection lasts
  /// @throws IllegalArgumentException if the call wants no reply, or cannot be sent
  public CompletableFuture<MethodReturn> callAsync(MethodCall call, Duration timeout) {
    PendingCall reply = expectReply(call, timeout);
    try {
      if (!outbox.post(call, reply)) {
        reply.completeExceptionally(ended());
      }
    } catch (RuntimeException e) {
      reply.cancel(false);
      throw e;
    }
    return reply;
  }

  private PendingCall expectReply(MethodCall call, Duration timeout) {
    if (call.noReplyExpected()) {
      Descriptors.close(call);
      throw new IllegalArgumentException("no reply is expected to this call; send it");
    }
    PendingCall reply = new PendingCall(pending, call, engine::waitsForPeer);
    reply.expireAfter(timeout);
    return reply;
  }

  /// Gives every signal of the peer that matches to a handler, one at a time and in the order in
  /// which they came, in one line with the peer's calls, on a thread that may block. Replies do not
  /// wait for them. Where several subscriptions want a signal, each gets it, in the order in which
  /// they were made.
  ///
  /// @return closing it ends the subscription, at once
  public Subscription subscribe(SignalMatch match, Consumer<Signal> handler) {
    return subscriptions.add(match, handler);
  }

  /// A subscription of the library's own, whose handler runs when the signal comes.
  Subscription subscribeOnArrival(SignalMatch match, Consumer<Signal> handler) {
    return subscriptions.addOnArrival(match, handler);
  }

  /// The properties of one interface of a peer's object, to read, set and watch. Nothing is sent to
  /// the peer by this.
  ///
  /// @return closing it ends its subscription to changes
  /// @throws IllegalArgumentException if the path or the name is not valid
  public RemoteProperties properties(String path, String interfaceName) {
    return new RemoteProperties(this, new ObjectPath(path), new InterfaceName(interfaceName));
  }

  /// Shows every message to a filter from now on, in both directions, after the filters that were
  /// added before. Added where the connection is shown to [ServerSide#onAuthenticated] or
  /// [ClientSide#onAuthenticated], it sees the first message. Called by a filter, this takes effect
  /// for the next message, and so does removing one.
  ///
  /// @return closing it removes the filter; a message that is being filtered may still be shown to
  ///   it
  public Registration addFilter(MessageFilter filter) {
    return new Registration(onlookers.filters().add(filter));
  }

  /// Emits a signal. It is sent as [#send(Message)] sends.
  ///
  /// @throws IOException if the connection has ended
  /// @throws IllegalArgumentException if one of the names is not valid
  public void emit(String path, String interfaceName, String member, Body arguments)
      throws IOException {
    Signal signal =
        Signal.of(new ObjectPath(path), new InterfaceName(interfaceName), new MemberName(member))
            .withBody(arguments);
    if (!outbox.send(signal, OptionalInt.empty(), Ticket.NONE)) {
      throw ended();
    }
  }

  /// Sends a signal of a handler's, as [#send(Message)] does, unless the connection has ended,
  /// which is nothing to report.
  ///
  /// @throws UncheckedIOException if this thread is interrupted while it waits for room
  void emit(Signal signal) {
    try {
      var _ = outbox.send(signal, OptionalInt.empty(), Ticket.NONE);
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Answers a call, unless the connection has ended, which is nothing to report where an answer
  /// comes too late. Never waits: a reply is not lost because somebody interrupts its thread.
  void answer(Message message) {
    var _ = outbox.answer(message, Ticket.NONE);
  }

  /// The same.
  ///
  /// @param refused is told if the descriptors of the answer cannot travel
  void answer(Message message, Consumer<IOException> refused) {
    var _ =
        outbox.answer(
            message,
            new Ticket() {
              @Override
              public void given(int serial) {}

              @Override
              public void refused(IOException why) {
                refused.accept(why);
              }
            });
  }

  /// Sends a message without ever waiting for the peer. This is for what goes to many peers, where
  /// a slow one must not hold up the others. A peer that has let too much pile up is disconnected.
  /// Does nothing if the connection has ended.
  ///
  /// @throws IllegalArgumentException as [#send(Message)]
  public void post(Message message) {
    var _ = outbox.post(message, Ticket.NONE);
  }

  /// What the filters leave of a message to the peer.
  Optional<Message> filtered(Message message) {
    return onlookers.filters().outgoing(message, Ticket.NONE::refused);
  }

  /// Sends what [#filtered] has left, as [#post(Message)] does.
  void postFiltered(Message message) {
    var _ = outbox.postFiltered(message, Ticket.NONE);
  }

  /// Takes no more calls: one that comes from now on is answered with the error
  /// `org.freedesktop.DBus.Error.Disconnected`, and its caller knows that it was not begun. Calls
  /// in progress go on, those of `org.freedesktop.DBus.Peer` and introspection are still answered,
  /// and all else goes on as well. This is the first half of an orderly end; [#close()] is the
  /// other.
  ///
  /// @return completes when the last call in progress is answered, or when the connection has ended
  public CompletionStage<Void> finishCalls() {
    return deliveries.finish();
  }

  /// Starts a connection that was made [paused][ClientSide#paused()]: what the peer has sent so far
  /// comes first. Does nothing if it was not paused, or is started already.
  public void start() {
    engine.unpause();
  }

  /// Whether it has ended.
  public boolean isClosed() {
    return engine.hasEnded();
  }

  /// Completes once, with the reason, when the connection has ended, on a thread of the library's.
  /// Each stage that is asked for is one by itself: what hangs on one does not hold up the others.
  public CompletionStage<CloseReason> closed() {
    return engine.over();
  }

  /// Waits until all that was sent so far is with the operating system, however much is sent
  /// meanwhile. That the peer has read it only an answer can tell.
  ///
  /// @param patience how long to wait at most
  /// @return whether it is
  /// @throws IOException if the connection has ended, or ends before
  public boolean flush(Duration patience) throws IOException, InterruptedException {
    boolean flushed = outbox.flush(patience);
    if (engine.hasEnded() || (!flushed && outbox.isClosed())) {
      throw ended();
    }
    return flushed;
  }

  /// Ends the connection, after what was sent so far has been written; that is waited for up to
  /// five seconds. Does nothing if it has ended.
  @Override
  public void close() {
    close(CLOSING);
  }

  /// Ends the connection, after what was sent so far has been written; from now on nothing more is
  /// sent. Does nothing if it has ended.
  ///
  /// @param patience how long to wait for that; none means at once
  public void close(Duration patience) {
    outbox.finish();
    try {
      ReadingRole.passFromHere();
      var _ = outbox.flush(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.end(CloseReason.of(Kind.LOCAL, "closed by this side"));
  }

  Registration addWiretap(Wiretap tap, int most) {
    return new Registration(onlookers.wiretaps().add(tap, most));
  }

  /// Tells it from the others of this process.
  String name() {
    return engine.name();
  }

  ObjectTree objects() {
    return objects;
  }

  /// Which error stands for which exception here.
  ErrorMapping errors() {
    return errors;
  }

  @Override
  public String toString() {
    return "DBusConnection[" + name() + ", " + peer.mechanism() + ", " + peer.identity() + "]";
  }
}
