package dbus.connection;

import dbus.auth.FailureReason;
import dbus.auth.Handshake;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.ErrorMessage;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signal;
import dbus.wire.UnknownMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One side of a connection, without its I/O: bytes are pushed in, the handshake takes what is its
/// own, then the decoder makes messages of them, and the dispatcher takes these to their handlers.
///
/// The transport's thread pushes the bytes, one call at a time, and it alone touches the handshake,
/// the decoder and the dispatcher. Other threads may only end the connection, which [#end] allows
/// once.
final class Engine implements Receiver {

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  /// How long the last answers may take, once the peer sends nothing more. It may wait for them, or
  /// it may be gone: the end of a stream looks alike.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /// Of signals that wait for a handler, as in libdbus.
  private static final long UNDELIVERED_BYTES = 63L << 20;

  private final Setup setup;
  private final Transport transport;
  private final Outbox outbox;
  private final ReadingRole role = new ReadingRole(this::readElsewhere);
  private final PendingCalls pending = new PendingCalls(role);
  private final Subscriptions subscriptions;
  private final CallsInProgress inProgress;
  private final Pace writing = new Pace();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final StartGate gate;
  private final CompletableFuture<CloseReason> over = new CompletableFuture<>();

  private final MessageDecoder decoder = new MessageDecoder();
  private volatile @Nullable Future<?> deadline;
  private @Nullable Dispatcher dispatcher;

  /// Set once by the transport's thread, when the peer is authenticated.
  private volatile @Nullable DBusConnection connection;

  /// The thread that is in [#received]: it cannot wait for a reply, which it would have to read.
  /// What is different on the two sides of a connection, and from one to the next.
  ///
  /// @param claim is shown the authenticated peer, and says whether it is wanted
  /// @param paused whether messages wait until [#unpause]
  record Setup(
      Transport transport,
      Handshake handshake,
      Duration handshakeTime,
      ObjectTree objects,
      Optional<Executor> executor,
      Predicate<DBusConnection> claim,
      int callsInProgress,
      long outgoingBytes,
      boolean paused) {}

  Engine(Setup setup) {
    this.setup = setup;
    this.transport = setup.transport();
    this.gate = new StartGate(setup.paused());
    this.outbox =
        new Outbox(transport, setup.outgoingBytes(), pending::isWaiting, this::writingFailed);
    this.subscriptions = new Subscriptions(role, setup.executor(), UNDELIVERED_BYTES);
    this.inProgress = new CallsInProgress(setup.callsInProgress(), this::allAnswered);
  }

  /// Begins the handshake.
  ///
  /// @throws IOException if it cannot even be begun; the transport is closed then
  void start() throws IOException {
    Duration limit = setup.handshakeTime();
    deadline =
        Deadlines.after(
            limit, () -> notAuthenticated(FailureReason.TIMED_OUT + ": no end within " + limit));
    try {
      writeHandshake();
    } catch (IOException e) {
      end(new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e)));
      throw e;
    }
    transport.start(this);
  }

  @Override
  public boolean received(ByteBuffer bytes) {
    if (ended.get()) {
      return true;
    }
    role.taken();
    try {
      if (dispatcher == null) {
        shakeHands(bytes);
      }
      if (dispatcher == null) {
        return true;
      }
      decoder.feed(bytes);
      return gate.pass() && readMessages(dispatcher);
    } catch (IOException e) {
      end(new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e)));
    } catch (RuntimeException | Error e) {
      readingFailed(e);
    }
    return true;
  }

  /// Only a thread that was dispatching messages is ever relieved, or one that has left a
  /// connection which was paused then.
  @Override
  public boolean resumed() {
    role.taken();
    return dispatcher == null || readMessages(dispatcher);
  }

  /// The thread that reads is busy with the user's code.
  private void readElsewhere() {
    try {
      // What it has collected must not wait until it comes back.
      if (outbox.collected()) {
        HandlerThreads.EXECUTOR.execute(outbox::writeCollected);
      }
      transport.readElsewhere();
    } catch (RuntimeException | OutOfMemoryError e) {
      readingFailed(e);
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
      case Failed failed -> notAuthenticated(failed.toString());
      case Authenticated peer -> open(peer);
    }
  }

  private void writeHandshake() throws IOException {
    if (setup.handshake().hasOutput()) {
      transport.write(setup.handshake().takeOutput());
    }
  }

  private void open(Authenticated peer) {
    ObjectTree objects = new ObjectTree(setup.objects());
    DBusConnection opened =
        new DBusConnection(
            peer, transport.credentials(), outbox, pending, subscriptions, objects, this);
    connection = opened;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (ended.get()) {
      // The deadline was faster.
      return;
    }
    boolean wanted;
    try {
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
    dispatcher = new Dispatcher(opened, objects, role, setup.executor(), inProgress);
  }

  /// Deals with all that one read has brought; then writes what was answered, as one piece.
  ///
  /// @return whether the calling thread still reads
  private boolean readMessages(Dispatcher dispatcher) {
    outbox.collect();
    try {
      for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        if (ended.get()) {
          return true;
        }
        boolean reads =
            switch (next.get()) {
              case MethodCall call -> dispatcher.dispatch(call);
              case MethodReturn reply -> pending.answer(reply);
              case ErrorMessage error -> pending.answer(error);
              case Signal signal -> subscriptions.received(signal);
              // Types of a later protocol are to be ignored.
              case UnknownMessage _ -> true;
            };
        if (!reads) {
          return false;
        }
      }
      return writeAnswers();
    } catch (InvalidMessageException e) {
      boolean reads = writeAnswers();
      end(new CloseReason(Kind.INVALID_MESSAGE, String.valueOf(e.getMessage()), Optional.of(e)));
      return reads;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(CloseReason.of(Kind.LOCAL, "the thread that reads was interrupted"));
    } catch (RuntimeException | Error e) {
      readingFailed(e);
    }
    return true;
  }

  /// The peer may be slow to take them, or may itself wait until it is read from: another thread
  /// reads meanwhile.
  private boolean writeAnswers() {
    if (!outbox.collected()) {
      return true;
    }
    int entered = role.enter(writing);
    outbox.writeCollected();
    return role.leave(entered);
  }

  @Override
  public void ended(Optional<IOException> failure) {
    if (failure.isPresent()) {
      end(new CloseReason(Kind.BROKEN, "reading failed", Optional.of(failure.get())));
    } else if (connection == null) {
      notAuthenticated(FailureReason.END_OF_STREAM + ": " + told("the peer left"));
    } else if (dispatcher == null) {
      end(CloseReason.of(Kind.REMOTE, told("the peer left")));
    } else {
      pending.failAll("the peer sends nothing more");
      var _ = Deadlines.after(LAST_ANSWERS, this::peerIsGone);
      inProgress.streamEnded();
    }
  }

  /// The peer sends nothing more, and has been given every answer: both sides are done.
  private void allAnswered() {
    try {
      outbox.flush(LAST_ANSWERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    peerIsGone();
  }

  private void peerIsGone() {
    end(CloseReason.of(Kind.REMOTE, told("the peer ended the stream")));
  }

  /// On a thread of its own: whoever noticed may hold locks, and serve another peer.
  private void writingFailed(Exception e) {
    CloseReason reason = new CloseReason(Kind.BROKEN, told("writing failed"), Optional.of(e));
    HandlerThreads.EXECUTOR.execute(() -> end(reason));
  }

  private String told(String what) {
    return transport.peerEnd().map(end -> what + ": " + end).orElse(what);
  }

  private void notAuthenticated(String why) {
    if (connection == null) {
      end(CloseReason.of(Kind.NOT_AUTHENTICATED, why));
    }
  }

  /// Whether this thread is the one that reads.
  boolean isReading() {
    return role.isMine();
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
      readElsewhere();
    }
  }

  /// Ends the connection, with the first reason that is given.
  void end(CloseReason reason) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
    outbox.close();
    transport.close();
    // A thread has to see the end, and to give back what the transport holds.
    unpause();
    inProgress.close();
    subscriptions.close();
    pending.failAll(reason.detail());
    DBusConnection opened = connection;
    if (opened != null) {
      opened.objects().leave(opened);
    }
    over.complete(reason);
  }
}
