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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One side of a connection, without its I/O: bytes are pushed in, the handshake takes what is its
/// own, then the decoder makes messages of them, and the dispatcher takes these to their handlers.
///
/// The transport's thread pushes the bytes, one call at a time, and it alone touches the handshake,
/// the decoder, the framing of descriptors and the dispatcher. Other threads may only end the
/// connection, which [#end] allows once.
final class Engine implements Receiver {

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  /// How long the last answers may take, once the peer sends nothing more. It may wait for them, or
  /// it may be gone: the end of a stream looks alike.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final Setup setup;
  private final Spending spending = new Spending();
  private final Transport transport;
  private final Filters filters = new Filters();
  private final Wiretaps wiretaps = new Wiretaps();
  private final Events events = new Events();
  private final Outbox outbox;
  private final ReadingRole role = new ReadingRole(this::readElsewhere, this::relieved);
  private final PendingCalls pending;
  private final Subscriptions subscriptions;
  private final CallsInProgress inProgress;
  private final Pace writing = new Pace();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final StartGate gate;
  private final CompletableFuture<CloseReason> over = new CompletableFuture<>();

  private final MessageDecoder decoder;
  private final HeldUnixFds heldUnixFds;
  private final CompletionWatch completion;
  private UnixFdFraming unixFds = UnixFdFraming.none();

  private final Deadline deadline = new Deadline();

  private @Nullable Incoming incoming;

  /// What ends the connection after the end of the peer's stream, if it is more than that end.
  private volatile @Nullable CloseReason whyGone;

  /// Set once by the transport's thread, when the peer is authenticated.
  private volatile @Nullable DBusConnection connection;

  Engine(Setup setup) {
    this.setup = setup;
    this.transport = setup.transport();
    this.gate = new StartGate(setup.paused());
    this.completion =
        new CompletionWatch(setup.limits().messageTime(), setup.unixFdsTime(), this::notComplete);
    this.pending = new PendingCalls(role, setup.errors());
    ConnectionLimits limits = setup.limits();
    this.decoder = new MessageDecoder(limits.messageBytes());
    this.heldUnixFds =
        new HeldUnixFds(limits.unixFdsHeld(), spending, this::overBudget, this::writeBeforeWaiting);
    this.outbox =
        new Outbox(
            transport,
            filters,
            wiretaps,
            events,
            limits.outgoingBytes(),
            spending.queue(),
            pending::isWaiting,
            this::writingFailed);
    this.subscriptions =
        new Subscriptions(
            role,
            setup.executor(),
            events,
            limits.undeliveredBytes(),
            spending.queue(),
            this::overBudget,
            heldUnixFds,
            this::writeBeforeWaiting);
    this.inProgress =
        new CallsInProgress(
            limits.callsInProgress(),
            limits.undeliveredBytes(),
            spending.queue(),
            this::overBudget,
            this::writeBeforeWaiting,
            this::allAnswered);
  }

  /// Begins the handshake.
  ///
  /// @throws IOException if it cannot even be begun; the transport is closed then
  void start() throws IOException {
    Duration limit = setup.handshakeTime();
    deadline.set(
        limit, () -> notAuthenticated(failed(FailureReason.TIMED_OUT, "no end within " + limit)));
    try {
      writeHandshake();
    } catch (IOException e) {
      end(new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e)));
      throw e;
    }
    transport.start(this, setup.firstReader());
  }

  @Override
  public boolean received(ByteBuffer bytes, List<FileDescriptor> fds) {
    if (ended.get()) {
      Descriptors.close(fds);
      return true;
    }
    role.taken();
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
      end(new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e)));
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
    } else if (ended.get()) {
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

  /// The thread that reads is busy with the user's code. What it has collected must not wait until
  /// it comes back.
  private void readElsewhere() {
    writeBeforeWaiting();
    Budget budget = spending.budget();
    if (!budget.chargeHandler()) {
      throw new RejectedExecutionException("the budget allows no further handler");
    }
    try {
      transport.readElsewhere();
    } catch (RuntimeException | Error e) {
      budget.refundHandler();
      throw e;
    }
  }

  /// A thread that was to read has run a handler instead, which is over.
  private void relieved() {
    spending.budget().refundHandler();
  }

  private void writeBeforeWaiting() {
    if (outbox.collected()) {
      outbox.writeElsewhere();
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
    return setup.handshake().abort(FailureReason.END_OF_STREAM, told("the peer left"));
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
    deadline.met();
    if (ended.get()) {
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
    if (ended.get()) {
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
    collect();
    try {
      for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        completion.complete();
        // From here on it counts where it waits, and not twice.
        spending.dropUnfinished();
        Message message = unixFds.complete(next.get());
        if (ended.get()) {
          UnixFd.closeAll(message);
          return true;
        }
        events.passed(Direction.INCOMING, message, message.serial());
        if (!incoming.take(message)) {
          return false;
        }
        if (role.takeLate()) {
          // The first answers have waited long enough for the last.
          if (!writeAnswers()) {
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
      return writeAnswers();
    } catch (UnixFdsException | InvalidMessageException e) {
      boolean reads = writeAnswers();
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

  /// The peer may be slow to take them, or may itself wait until it is read from: another thread
  /// reads meanwhile.
  private boolean writeAnswers() {
    if (!outbox.collected()) {
      return true;
    }
    if (!writing.isQuick()) {
      HandlerThreads.EXECUTOR.execute(writing.measured(outbox::write));
      return true;
    }
    long entered = role.enter(writing);
    outbox.write();
    return role.leave(entered);
  }

  /// Where an executor is given, the thread that reads answers little, and may have to wait for the
  /// executor.
  private void collect() {
    if (setup.executor().isEmpty()) {
      var _ = role.takeLate();
      outbox.collect();
    }
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
    if (ended.get()) {
      return;
    }
    if (failure.isPresent()) {
      end(new CloseReason(Kind.BROKEN, "reading failed", Optional.of(failure.get())));
    } else if (connection == null) {
      notAuthenticated(abortHandshake());
    } else if (incoming == null) {
      end(CloseReason.of(Kind.REMOTE, told("the peer left")));
    } else {
      pending.failAll("the peer sends nothing more");
      inProgress.streamEnded();
      deadline.set(LAST_ANSWERS, this::peerIsGone);
    }
  }

  /// The peer sends nothing more, and has been given every answer: both sides are done.
  private void allAnswered() {
    try {
      var _ = outbox.flush(LAST_ANSWERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    peerIsGone();
  }

  private void peerIsGone() {
    CloseReason why = whyGone;
    end(why != null ? why : CloseReason.of(Kind.REMOTE, told("the peer ended the stream")));
  }

  /// Ends the connection on a thread of its own: whoever noticed may hold locks, and serve another
  /// peer. If the peer is gone, what it sent before it left is read first; the end of its stream
  /// follows at once.
  private void writingFailed(Exception e, boolean peerIsGone) {
    CloseReason reason =
        e instanceof OverBudgetException
            ? CloseReason.of(Kind.OVER_BUDGET, OverBudgetException.TEXT)
            : new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e));
    if (peerIsGone && connection != null) {
      whyGone = reason;
      deadline.set(LAST_ANSWERS, () -> end(reason));
    } else {
      try {
        HandlerThreads.EXECUTOR.execute(() -> end(reason));
      } catch (RuntimeException | OutOfMemoryError noThread) {
        // The thread that reads then sees the end.
        transport.close();
      }
    }
  }

  private String told(String what) {
    return transport.peerEnd().map(end -> what + ": " + end).orElse(what);
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

  /// Whether this thread is the one that reads.
  boolean isReading() {
    return role.isMine();
  }

  /// Tells it from the others of this process.
  String name() {
    return events.connection();
  }

  boolean hasEnded() {
    return ended.get();
  }

  CompletionStage<CloseReason> over() {
    return over.minimalCompletionStage();
  }

  /// Deals with what came while the connection was paused, and what comes from now on.
  void unpause() {
    if (gate.open()) {
      transport.readElsewhere();
    }
  }

  /// Ends the connection, with the first reason that is given.
  void end(CloseReason reason) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    deadline.end();
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
    over.complete(reason);
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
