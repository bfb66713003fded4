package dbus.connection;

import dbus.auth.FailureReason;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.ServerHandshake;
import dbus.connection.CloseReason.Kind;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MethodCall;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The server's side of one connection, without its I/O: bytes are pushed in, the handshake takes
/// what is its own, then the decoder makes messages of them, and the dispatcher takes these to
/// their handlers.
///
/// The transport's thread pushes the bytes, one call at a time, and it alone touches the handshake,
/// the decoder and the dispatcher. Other threads may only end the connection, which [#end] allows
/// once.
final class Engine implements Receiver {

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  /// How long, once writing has failed, what the peer has sent before may still be read. It is in
  /// the socket's buffer, so this is plenty.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /// How long the last answers may take to be written to a peer that sends nothing more.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final ServerSide options;
  private final Transport transport;
  private final Outbox outbox;
  private final CallsInProgress inProgress;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<CloseReason> over = new CompletableFuture<>();

  private final ServerHandshake handshake;
  private final MessageDecoder decoder = new MessageDecoder();
  private @Nullable Future<?> deadline;
  private @Nullable Dispatcher dispatcher;

  /// Set once by the transport's thread, when the peer is authenticated.
  private volatile @Nullable DBusConnection connection;

  Engine(ServerSide options) {
    this.options = options;
    this.transport = options.transport;
    this.handshake =
        ServerHandshake.builder(options.guid)
            .socket(transport.credentials())
            .policy(options.policy)
            .unixFds(transport.passesUnixFds())
            .build();
    this.outbox = new Outbox(transport, options.outgoingBytes, this::writingFailed);
    this.inProgress = new CallsInProgress(options.callsInProgress, this::allAnswered);
  }

  void start() {
    Duration limit = HandshakeLimits.DEFAULT.timeLimit();
    deadline =
        Deadlines.after(
            limit, () -> notAuthenticated(FailureReason.TIMED_OUT + ": no end within " + limit));
    transport.start(this);
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (ended.get()) {
      return;
    }
    try {
      if (dispatcher == null) {
        shakeHands(bytes);
      }
      if (dispatcher != null) {
        readMessages(bytes, dispatcher);
      }
    } catch (IOException e) {
      end(new CloseReason(Kind.BROKEN, "writing failed", Optional.of(e)));
    } catch (InvalidMessageException e) {
      end(new CloseReason(Kind.INVALID_MESSAGE, String.valueOf(e.getMessage()), Optional.of(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(CloseReason.of(Kind.LOCAL, "the thread that reads was interrupted"));
    }
  }

  private void shakeHands(ByteBuffer bytes) throws IOException {
    HandshakeStatus status = handshake.receive(bytes);
    if (handshake.hasOutput()) {
      transport.write(handshake.takeOutput());
    }
    switch (status) {
      case NeedsMore _ -> {}
      case Failed failed -> notAuthenticated(failed.toString());
      case Authenticated peer -> open(peer);
    }
  }

  private void open(Authenticated peer) {
    if (deadline != null && !deadline.cancel(false)) {
      // It is ending this connection at this moment: the peer came too late.
      return;
    }
    ObjectTree objects = new ObjectTree(options.objects);
    DBusConnection opened =
        new DBusConnection(peer, transport.credentials(), outbox, objects, this);
    connection = opened;
    objects.join(opened);
    boolean wanted;
    try {
      wanted = options.claim.test(opened);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "a new connection is closed: its handler failed", e);
      end(new CloseReason(Kind.REFUSED, "the handler of new connections failed", Optional.of(e)));
      return;
    }
    if (!wanted) {
      end(CloseReason.of(Kind.REFUSED, "nobody claimed the connection"));
      return;
    }
    dispatcher = new Dispatcher(opened, objects, options.executor, inProgress);
  }

  private void readMessages(ByteBuffer bytes, Dispatcher dispatcher)
      throws InvalidMessageException, InterruptedException {
    decoder.feed(bytes);
    for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
      // Signals have no subscribers yet, and replies answer no call: both are read and dropped.
      if (next.get() instanceof MethodCall call && !ended.get()) {
        dispatcher.dispatch(call);
      }
    }
  }

  @Override
  public void ended(Optional<IOException> failure) {
    if (failure.isPresent()) {
      end(new CloseReason(Kind.BROKEN, "reading failed", Optional.of(failure.get())));
    } else if (dispatcher == null) {
      notAuthenticated(FailureReason.END_OF_STREAM + ": the peer left");
    } else {
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
    end(CloseReason.of(Kind.REMOTE, "the peer ended the stream"));
  }

  private void writingFailed(IOException e) {
    CloseReason reason = new CloseReason(Kind.BROKEN, "writing failed", Optional.of(e));
    var _ = Deadlines.after(LAST_WORDS, () -> end(reason));
  }

  private void notAuthenticated(String why) {
    if (connection == null) {
      end(CloseReason.of(Kind.NOT_AUTHENTICATED, why));
    }
  }

  boolean hasEnded() {
    return ended.get();
  }

  CompletionStage<CloseReason> over() {
    return over.minimalCompletionStage();
  }

  /// Ends the connection, with the first reason that is given.
  void end(CloseReason reason) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    outbox.close();
    transport.close();
    DBusConnection opened = connection;
    if (opened != null) {
      opened.objects().leave(opened);
    }
    over.complete(reason);
  }
}
