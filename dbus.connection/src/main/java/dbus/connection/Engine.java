package dbus.connection;

import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.connection.CloseReason.Kind;
import dbus.connection.delivery.Deliveries;
import dbus.connection.delivery.Turns;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.observing.Onlookers;
import dbus.connection.outgoing.Outbox;
import dbus.connection.outgoing.OutboxObserver;
import dbus.connection.reading.CompletionWatch;
import dbus.connection.reading.Pace;
import dbus.connection.reading.ReadingGate;
import dbus.connection.reading.ReadingRole;
import dbus.connection.spending.HeldUnixFds;
import dbus.connection.spending.OverBudgetException;
import dbus.connection.spending.Spending;
import dbus.connection.threads.ApplicationCode;
import dbus.connection.threads.Bookkeeping;
import dbus.connection.threads.Deadlines;
import dbus.connection.threads.LimitedLog;
import dbus.connection.threads.Relay;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.ErrorName;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One side of a connection, without its I/O: bytes are pushed in, the handshake takes what is its
/// own, then the decoder makes messages of them, and the dispatcher takes these to their handlers.
///
/// The transport's thread pushes the bytes, one call at a time, and it alone touches the handshake,
/// the decoder, the framing of descriptors and the dispatcher. Other threads may only end the
/// connection; see [Ending].
final class Engine implements Receiver {

  private static final LimitedLog LOG = LimitedLog.of(Engine.class);

  private static final Duration RETRY = Duration.ofMillis(100);

  private final Setup setup;
  private final Spending spending = new Spending();
  private final Transport transport;
  private final Onlookers onlookers = new Onlookers();
  private final Relay relay = new Relay();
  private final Ending ending;
  private final ReadingRole role = new ReadingRole(new Relief());
  private final ReadingGate gate;
  private final Outbox outbox;
  private final Deliveries deliveries;
  private final PendingCalls pending;
  private final Subscriptions subscriptions;

  private final MessageDecoder decoder;
  private final HeldUnixFds heldUnixFds;
  private final CompletionWatch completion;
  private UnixFdFraming unixFds = UnixFdFraming.none();

  private @Nullable Incoming incoming;

  /// Set before the last answers are written: the connection ends behind them, whoever reads then.
  private boolean invalid;

  /// Set once by the transport's thread, when the peer is authenticated.
  private volatile @Nullable DBusConnection connection;

  Engine(Setup setup) {
    this.setup = setup;
    this.transport = setup.transport();
    this.ending = new Ending(transport, relay, this::giveUp);
    this.gate = new ReadingGate(setup.paused(), this::sendReader);
    this.completion =
        new CompletionWatch(setup.limits().messageTime(), setup.unixFdsTime(), this::notComplete);
    this.pending = new PendingCalls(role, relay, setup.errors());
    ConnectionLimits limits = setup.limits();
    this.decoder = new MessageDecoder(limits.messageBytes());
    this.outbox =
        new Outbox(
            transport,
            onlookers,
            limits.outgoingBytes(),
            limits.outgoingTime(),
            spending.queue(),
            pending::isWaiting,
            gate,
            relay,
            new Outgoing());
    this.heldUnixFds = new HeldUnixFds(limits.unixFdsHeld(), spending, gate, this::tooManyUnixFds);
    Turns turns =
        new Turns(
            limits.callsInProgress(),
            limits.undeliveredBytes(),
            spending.queue(),
            gate,
            outbox::isFull,
            relay,
            new Served());
    this.deliveries = new Deliveries(turns, spending, role, setup.executor(), outbox.burst());
    this.subscriptions =
        new Subscriptions(deliveries, onlookers.events(), heldUnixFds, ending::hasBegun);
  }

  /// What the outbox tells.
  private final class Outgoing implements OutboxObserver {

    @Override
    public void broken(Exception why, boolean peerIsGone) {
      ending.writingFailed(why, peerIsGone && connection != null);
    }

    @Override
    public void roomAgain() {
      // Whoever writes has the baton, or ends the connection: it is not to run into an executor of
      // the application's.
      if (setup.executor().isPresent()) {
        Deadlines.executeOrRetry(deliveries::goOn);
      } else {
        deliveries.goOn();
      }
    }
  }

  /// What those tell whose turn it is.
  private final class Served implements Turns.Events {

    @Override
    public void overBudget() {
      Engine.this.overBudget();
    }

    @Override
    public void allServed() {
      ending.allAnswered(outbox);
    }
  }

  /// Has another thread read, as soon as there is one.
  private void sendReader() {
    try {
      transport.readElsewhere();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.warning("no thread can be started to read", e);
      var _ = Deadlines.after(RETRY, this::sendReader);
    }
  }

  /// Begins the handshake.
  ///
  /// @throws IOException if it cannot even be begun; the transport is closed then
  void start() throws IOException {
    Duration limit = setup.handshakeTime();
    ending
        .deadline()
        .set(
            limit,
            () -> notAuthenticated(failed(FailureReason.TIMED_OUT, "no end within " + limit)));
    try {
      writeHandshake();
    } catch (IOException e) {
      end(ending.broken("writing failed", e));
      throw e;
    }
    transport.start(this, setup.firstReader());
  }

  @Override
  public boolean received(ByteBuffer bytes, List<FileDescriptor> fds) {
    role.taken();
    if (ending.hasBegun() || invalid) {
      Descriptors.close(fds);
      return true;
    }
    List<FileDescriptor> ownerless = fds;
    boolean reads = true;
    try {
      if (incoming == null) {
        shakeHands(bytes);
      }
      // Descriptors that come with the last bytes of the handshake belong to what follows it.
      ownerless = List.of();
      unixFds.beginRead(fds);
      if (incoming != null) {
        if (!onlookers.wiretaps().isEmpty()) {
          onlookers.wiretaps().received(bytes, decoder);
        }
        decoder.feed(bytes);
        if (gate.isShut()) {
          // The message may be complete, and cannot be completed while nobody reads.
          completion.pause();
        }
        reads = gate.pass() && readMessages(incoming);
      } else {
        unixFds.endRead(false);
      }
    } catch (IOException e) {
      end(ending.broken("writing failed", e));
    } catch (UnixFdsException e) {
      refused(e);
    } catch (RuntimeException | Error e) {
      readingFailed(e);
    } finally {
      Descriptors.close(ownerless);
    }
    return stays(reads);
  }

  private boolean stays(boolean reads) {
    if (!reads) {
      role.left();
    } else if (ending.hasBegun()) {
      unixFds.close();
      completion.complete();
      spending.dropUnfinished();
    }
    return reads;
  }

  /// By the thread that reads.
  private void overBudget() {
    end(CloseReason.of(Kind.OVER_BUDGET, OverBudgetException.BYTES));
  }

  /// By the thread that reads.
  private void tooManyUnixFds() {
    end(CloseReason.of(Kind.OVER_BUDGET, OverBudgetException.UNIX_FDS));
  }

  private void refused(UnixFdsException e) {
    String why = String.valueOf(e.getMessage());
    notAuthenticated(failed(FailureReason.ABORTED, why));
    end(new CloseReason(Kind.INVALID_MESSAGE, why, Optional.of(e)));
  }

  private void notComplete(Duration limit) {
    end(CloseReason.of(Kind.INVALID_MESSAGE, "a message is not complete after " + limit));
  }

  /// Only a thread that was dispatching messages is ever relieved, or one that has left a
  /// connection which was paused then.
  @Override
  public boolean resumed() {
    role.taken();
    return stays(incoming == null || readMessages(incoming));
  }

  /// The thread that reads is busy with the application's code. What it has collected must not wait
  /// for it, and that code counts as a handler while another thread reads.
  private final class Relief implements ReadingRole.Relief {

    @Override
    public boolean begin(Pace busy) {
      outbox.writeCollected();
      return spending.startHandler(transport::readElsewhere);
    }

    @Override
    public void end() {
      spending.handlerReturned();
    }
  }

  private void readingFailed(Throwable e) {
    // A connection whose reading thread is gone must not stay open: nobody would ever notice.
    LOG.log(Level.ERROR, "a connection is closed: reading from it failed", e);
    end(CloseReason.of(Kind.BROKEN, "reading failed: " + e));
  }

  private void shakeHands(ByteBuffer bytes) throws IOException {
    HandshakeStatus status = setup.handshake().receive(bytes);
    writeHandshake();
    switch (status) {
      case NeedsMore _ -> {}
      case Failed failed -> notAuthenticated(failed);
      case Authenticated peer -> open(peer);
    }
  }

  private void writeHandshake() throws IOException {
    if (setup.handshake().hasOutput()) {
      ByteBuffer lines = setup.handshake().takeOutput();
      // Whoever begins the handshake may be a virtual thread, or be interrupted.
      transport.offer(lines, List.of());
      if (lines.hasRemaining()) {
        transport.write(lines, List.of());
      }
    }
  }

  /// Tells a handshake that the peer is gone.
  private Failed abortHandshake() {
    return setup.handshake().abort(FailureReason.END_OF_STREAM, ending.told("the peer left"));
  }

  private static Failed failed(FailureReason reason, String detail) {
    return new Failed(reason, detail, Optional.empty());
  }

  private void open(Authenticated peer) {
    ObjectTree objects = new ObjectTree(setup.objects());
    DBusConnection opened =
        new DBusConnection(
            peer,
            transport.credentials(),
            transport.remoteAddress(),
            onlookers,
            outbox,
            pending,
            deliveries,
            subscriptions,
            objects,
            setup.errors(),
            this);
    connection = opened;
    int mostUnixFds = peer.unixFds() ? setup.limits().unixFds() : 0;
    unixFds = new UnixFdFraming(mostUnixFds);
    outbox.allowUnixFds(mostUnixFds);
    ending.deadline().met();
    if (ending.hasBegun()) {
      // The deadline was faster.
      return;
    }
    onlookers.events().opened(peer, transport);
    boolean wanted;
    try {
      spending.chargeTo(setup.budget().apply(opened));
      wanted = setup.claim().test(opened);
    } catch (Throwable e) {
      LOG.warning("a new connection is closed: its handler failed", e);
      end(
          CloseReason.of(
              Kind.REFUSED,
              "the handler of new connections failed: "
                  + ApplicationCode.textOf(e, e.getClass().getName())));
      return;
    }
    if (!wanted) {
      end(CloseReason.of(Kind.REFUSED, "nobody claimed the connection"));
      return;
    }
    objects.join(opened);
    if (ending.hasBegun()) {
      // It ended before it had joined, so that it could not leave.
      objects.leave(opened);
      return;
    }
    Dispatcher dispatcher =
        new Dispatcher(
            opened, objects, onlookers.events(), deliveries, heldUnixFds, setup.concurrent());
    incoming = new Incoming(onlookers.filters(), outbox, pending, subscriptions, dispatcher);
  }

  /// Deals with all that one read has brought; then writes what was answered, as one piece.
  ///
  /// @return whether the calling thread still reads
  private boolean readMessages(Incoming incoming) {
    if (invalid) {
      return true;
    }
    collect();
    try {
      for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        completion.complete();
        // From here on it counts where it waits, and not twice.
        spending.dropUnfinished();
        Message message = unixFds.complete(next.get());
        if (ending.hasBegun()) {
          Descriptors.close(message);
          return true;
        }
        onlookers.events().passed(Direction.INCOMING, message, message.serial());
        if (!incoming.take(message)) {
          return false;
        }
        if (role.takeLate()) {
          // The first answers have waited long enough for the last.
          outbox.writeCollected();
          collect();
        }
        if (gate.isShut()) {
          outbox.writeCollected();
          if (!gate.pass()) {
            return false;
          }
          collect();
        }
      }
      unixFds.endRead(decoder.pending() > 0);
      completion.endRead(decoder.pending() > 0, unixFds.isHolding());
      if (!spending.allowsUnfinished(decoder)) {
        overBudget();
      }
      outbox.writeCollected();
      return true;
    } catch (UnixFdsException | InvalidMessageException e) {
      invalid = true;
      outbox.writeCollected();
      end(new CloseReason(Kind.INVALID_MESSAGE, String.valueOf(e.getMessage()), Optional.of(e)));
      return true;
    } catch (RuntimeException | Error e) {
      readingFailed(e);
    }
    return role.stillReads();
  }

  /// Answers wait for the end of what one read has brought. Where an executor is given, the thread
  /// that reads answers little, and may have to wait for the executor.
  private void collect() {
    if (setup.executor().isEmpty()) {
      var _ = role.takeLate();
      outbox.collect();
    }
  }

  @Override
  public void paused() {
    role.left();
  }

  @Override
  public void ended(Optional<IOException> failure) {
    try {
      streamEnded(failure);
    } catch (RuntimeException | Error e) {
      // Somebody has to give back what the transport holds.
      readingFailed(e);
    }
  }

  private void streamEnded(Optional<IOException> failure) {
    role.left();
    unixFds.close();
    completion.complete();
    spending.dropUnfinished();
    if (ending.hasBegun()) {
      return;
    }
    if (failure.isPresent()) {
      end(ending.broken("reading failed", failure.get()));
    } else if (connection == null) {
      notAuthenticated(abortHandshake());
    } else if (incoming == null) {
      end(CloseReason.of(Kind.REMOTE, ending.told("the peer left")));
    } else {
      pending.failAll("the peer sends nothing more; its own log may tell why");
      // Mostly everything is answered, and no deadline is needed.
      deliveries.streamEnded();
      ending.streamEnded();
    }
  }

  private void notAuthenticated(Failed why) {
    if (connection == null) {
      end(
          new CloseReason(
              Kind.NOT_AUTHENTICATED,
              why.toString(),
              Optional.of(new HandshakeFailedException(why))));
    }
  }

  /// Before a call is sent whose reply the calling thread is to wait for: another thread has to be
  /// there that reads it.
  ///
  /// @throws IllegalStateException if this thread is the one that reads, and cannot be relieved
  /// @throws DBusErrorException if nobody else may read while this thread runs a handler
  void requireOthersRead() throws DBusErrorException {
    requireNotReading();
    if (role.isStuckHere()) {
      throw new DBusErrorException(
          ErrorName.LIMITS_EXCEEDED,
          "no thread is free to read the reply while this handler waits");
    }
  }

  private void requireNotReading() {
    ReadingRole.passFromHere();
    if (role.isMine()) {
      throw new IllegalStateException(
          "the thread that reads the replies cannot wait for one; use callAsync");
    }
  }

  /// Tells it from the others of this process.
  String name() {
    return onlookers.events().connection();
  }

  boolean hasEnded() {
    return ending.hasBegun();
  }

  /// Why it ended, once it has.
  String whyEnded() {
    return ending.detail();
  }

  /// Completes when the connection has ended; each one that is asked for is told by itself.
  CompletionStage<CloseReason> over() {
    return ending.closed();
  }

  /// The calling thread is about to wait for a reply of this peer: handlers of this connection that
  /// it runs hold up nobody from now on, and another thread reads.
  ///
  /// @throws IllegalStateException if it is the one that reads, and cannot be relieved
  void waitsForPeer() {
    requireNotReading();
    deliveries.waitsForPeer();
  }

  /// Deals with what came while the connection was paused, and what comes from now on.
  void unpause() {
    if (gate.open(ReadingGate.Reason.PAUSED)) {
      gate.sendReader();
    }
  }

  /// Ends the connection, with the first reason that is given.
  void end(CloseReason reason) {
    ending.end(reason);
  }

  /// Runs no code of the application's, and goes on whatever fails.
  private void giveUp(CloseReason reason) {
    for (Runnable step : steps(reason)) {
      ApplicationCode.run("closing a connection", step);
    }
  }

  private List<Runnable> steps(CloseReason reason) {
    return List.of(
        () -> pending.failAll(reason.detail()),
        deliveries::close,
        outbox::close,
        transport::close,
        () -> recordEnd(reason),
        () -> setup.atTheEnd().ended(reason),
        // A thread has to see the end, and to give back what the transport holds.
        () -> {
          if (gate.openForGood()) {
            gate.sendReader();
          }
        });
  }

  private void recordEnd(CloseReason reason) {
    DBusConnection opened = connection;
    if (opened == null) {
      onlookers.events().notAuthenticated(reason, transport);
    } else {
      opened.objects().leave(opened);
      onlookers.events().closed(reason);
      if (setup.atTheEnd().equals(Bookkeeping.NONE)) {
        // Who keeps books of its connections tells it better.
        ConnectionLog.ended(relay, name(), opened, reason, pending.unanswered());
      }
    }
  }
}
