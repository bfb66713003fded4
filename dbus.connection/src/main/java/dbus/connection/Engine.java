package dbus.connection;

import dbus.auth.FailureReason;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.connection.CloseReason.Kind;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
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

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  private final Setup setup;
  private final Spending spending = new Spending();
  private final Transport transport;
  private final Filters filters = new Filters();
  private final Wiretaps wiretaps = new Wiretaps();
  private final Events events = new Events();
  private final Ending ending;
  private final Outbox outbox;
  private final Answers answers;
  private final ReadingRole role = new ReadingRole(new Relief());
  private final PendingCalls pending;
  private final Subscriptions subscriptions;
  private final CallsInProgress inProgress;
  private final StartGate gate;

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
    this.ending = new Ending(transport, this::giveUp);
    this.gate = new StartGate(setup.paused());
    this.completion =
        new CompletionWatch(setup.limits().messageTime(), setup.unixFdsTime(), this::notComplete);
    this.pending = new PendingCalls(role, setup.errors());
    ConnectionLimits limits = setup.limits();
    this.decoder = new MessageDecoder(limits.messageBytes());
    this.outbox =
        new Outbox(
            transport,
            filters,
            wiretaps,
            events,
            limits.outgoingBytes(),
            limits.outgoingTime(),
            spending.queue(),
            pending::isWaiting,
            this::writingFailed);
    this.answers = new Answers(outbox, role, setup.executor().isEmpty());
    this.heldUnixFds =
        new HeldUnixFds(limits.unixFdsHeld(), spending, this::overBudget, answers::writeElsewhere);
    this.subscriptions =
        new Subscriptions(
            role,
            setup.executor(),
            events,
            limits.undeliveredBytes(),
            spending.queue(),
            this::overBudget,
            heldUnixFds,
            answers::writeElsewhere);
    this.inProgress =
        new CallsInProgress(
            limits.callsInProgress(),
            limits.undeliveredBytes(),
            spending.queue(),
            this::overBudget,
            answers::writeElsewhere,
            () -> ending.allAnswered(outbox));
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
      end(new CloseReason(Kind.BROKEN, ending.told("writing failed"), Optional.of(e)));
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
      unixFds.beginRead(fds, decoder.pending() > 0);
      if (incoming != null) {
        if (!wiretaps.isEmpty()) {
          wiretaps.received(bytes, decoder);
        }
        decoder.feed(bytes);
        reads = gate.pass() && readMessages(incoming);
      } else {
        unixFds.endRead(false);
      }
    } catch (IOException e) {
      end(new CloseReason(Kind.BROKEN, ending.told("writing failed"), Optional.of(e)));
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
      ReadingRole.left();
    } else if (ending.hasBegun()) {
      unixFds.close();
      completion.complete();
      spending.dropUnfinished();
    }
    return reads;
  }

  /// By the thread that reads.
  private void overBudget() {
    end(CloseReason.of(Kind.OVER_BUDGET, OverBudgetException.TEXT));
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

  /// The thread that reads is busy. What it has collected must not wait for it.
  private final class Relief implements ReadingRole.Relief {

    @Override
    public boolean begin(Pace busy) {
      answers.writeElsewhere();
      if (answers.isWriting(busy)) {
        transport.readElsewhere();
        return true;
      }
      return spending.startHandler(transport::readElsewhere);
    }

    /// The user's code counts as a handler while another thread reads.
    @Override
    public void end(Pace busy) {
      if (!answers.isWriting(busy)) {
        spending.handlerReturned();
      }
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
      transport.write(setup.handshake().takeOutput(), List.of());
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
            filters,
            wiretaps,
            outbox,
            pending,
            inProgress,
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
    events.opened(peer, transport);
    boolean wanted;
    try {
      spending.chargeTo(setup.budget().apply(opened));
      wanted = setup.claim().test(opened);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a new connection is closed: its handler failed", e);
      end(CloseReason.of(Kind.REFUSED, "the handler of new connections failed: " + e));
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
            opened, objects, role, setup.executor(), events, inProgress, heldUnixFds, spending);
    incoming = new Incoming(filters, outbox, pending, subscriptions, dispatcher);
  }

  /// Deals with all that one read has brought; then writes what was answered, as one piece.
  ///
  /// @return whether the calling thread still reads
  private boolean readMessages(Incoming incoming) {
    if (invalid) {
      return true;
    }
    answers.collect();
    try {
      for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        completion.complete();
        // From here on it counts where it waits, and not twice.
        spending.dropUnfinished();
        Message message = unixFds.complete(next.get());
        if (ending.hasBegun()) {
          UnixFd.closeAll(message);
          return true;
        }
        events.passed(Direction.INCOMING, message, message.serial());
        if (!incoming.take(message)) {
          return false;
        }
        if (answers.areLate()) {
          if (!answers.write()) {
            return false;
          }
          answers.collect();
        }
      }
      unixFds.endRead(decoder.pending() > 0);
      completion.endRead(decoder.pending() > 0, unixFds.isHolding());
      if (!spending.allowsUnfinished(decoder)) {
        overBudget();
      }
      return answers.write();
    } catch (UnixFdsException | InvalidMessageException e) {
      invalid = true;
      boolean reads = answers.write();
      end(new CloseReason(Kind.INVALID_MESSAGE, String.valueOf(e.getMessage()), Optional.of(e)));
      return reads;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(CloseReason.of(Kind.LOCAL, "the thread that reads was interrupted"));
    } catch (RuntimeException | Error e) {
      readingFailed(e);
    }
    return role.stillReads();
  }

  @Override
  public void paused() {
    ReadingRole.left();
  }

  @Override
  public void ended(Optional<IOException> failure) {
    ReadingRole.left();
    unixFds.close();
    completion.complete();
    spending.dropUnfinished();
    if (ending.hasBegun()) {
      return;
    }
    if (failure.isPresent()) {
      end(new CloseReason(Kind.BROKEN, "reading failed", Optional.of(failure.get())));
    } else if (connection == null) {
      notAuthenticated(abortHandshake());
    } else if (incoming == null) {
      end(CloseReason.of(Kind.REMOTE, ending.told("the peer left")));
    } else {
      pending.failAll("the peer sends nothing more");
      inProgress.streamEnded();
      ending.streamEnded();
    }
  }

  private void writingFailed(Exception why, boolean peerIsGone) {
    ending.writingFailed(why, peerIsGone && connection != null);
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

  /// Whether this thread runs a handler, and nobody else can read meanwhile.
  boolean isStuckHere() {
    return role.isStuckHere();
  }

  /// Whether this thread is the one that reads.
  boolean isReading() {
    return role.isMine();
  }

  /// Tells it from the others of this process.
  String name() {
    return events.connection();
  }

  boolean hasEnded() {
    return ending.hasBegun();
  }

  CompletionStage<CloseReason> over() {
    return ending.over();
  }

  /// Deals with what came while the connection was paused, and what comes from now on.
  void unpause() {
    if (gate.open()) {
      transport.readElsewhere();
    }
  }

  /// Ends the connection, with the first reason that is given.
  void end(CloseReason reason) {
    ending.end(reason);
  }

  private void giveUp(CloseReason reason) {
    outbox.close();
    inProgress.close();
    heldUnixFds.close();
    subscriptions.close();
    try {
      transport.close();
      recordEnd(reason);
      // A thread has to see the end, and to give back what the transport holds.
      unpause();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a transport fails, or no thread can be started to give it back", e);
    }
    pending.failAll(reason.detail());
  }

  private void recordEnd(CloseReason reason) {
    DBusConnection opened = connection;
    if (opened == null) {
      events.notAuthenticated(reason, transport);
    } else {
      opened.objects().leave(opened);
      events.closed(reason);
    }
  }
}
