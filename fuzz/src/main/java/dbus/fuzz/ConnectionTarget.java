package dbus.fuzz;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.HandshakeLimits;
import dbus.connection.Budget;
import dbus.connection.CloseReason;
import dbus.connection.ConnectionLimits;
import dbus.connection.DBusConnection;
import dbus.connection.SignalMatch;
import dbus.connection.threads.Deadlines;
import dbus.wire.ErrorMessage;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Whatever a peer sends to a server, however it is cut, and whichever descriptors come with it:
/// the server answers with messages that are valid, one to each call, keeps no more than it may,
/// ends once, and leaves nothing behind.
///
/// An input is four bytes (bits of what is to happen; how the rest is cut; with which piece
/// descriptors come; how many), and what the peer sends.
public final class ConnectionTarget {

  static final int HEADER = 4;

  /// The peer has said the usual handshake before.
  static final int AUTHENTICATED = 1;

  static final int NO_UNIX_FDS = 2;

  /// The peer reads nothing as long as it can send.
  static final int SLOW = 4;

  /// What follows the handshake is sent many times.
  static final int REPEATED = 8;

  static final int CONCURRENT = 16;

  /// The end is a failure of the socket.
  static final int BROKEN = 32;

  /// The end is the server's.
  static final int CLOSED = 64;

  private static final int REPETITIONS = 50;

  /// Longer than any alarm of [Deadlines], so that none is left over when all is done.
  private static final Duration LONG = Duration.ofHours(1);

  private static final ConnectionLimits LIMITS =
      ConnectionLimits.DEFAULT
          .withMessageBytes(1 << 14)
          .withCallsInProgress(4)
          .withOutgoingBytes(4096)
          .withOutgoingTime(LONG)
          .withUndeliveredBytes(4096)
          .withUnixFds(8)
          .withUnixFdsHeld(6);

  /// Each of the limits in steps of 64 KiB, what is free, and one message over it.
  private static final long MOST_BYTES = 1 << 19;

  /// What peers do wrong is logged, and here they do nothing else.
  private static final Logger LOG = Logger.getLogger("dbus.connection");

  static {
    LOG.setLevel(Level.OFF);
  }

  private ConnectionTarget() {}

  /// Tries one input.
  ///
  /// @param input see above
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length >= HEADER) {
      int deadlines = Deadlines.count();
      new Run(input).go();
      // The deadline of the last answers is a short one, which may set one alarm.
      await(() -> Deadlines.count() <= deadlines + 1, "no deadline is left");
    }
  }

  private static void await(BooleanSupplier fact, Object what) {
    long begun = System.nanoTime();
    while (!fact.getAsBoolean()) {
      Claim.isTrue(
          System.nanoTime() - begun < Duration.ofSeconds(FuzzedTransport.HANGING_SECONDS).toNanos(),
          what);
      LockSupport.parkNanos(10_000);
    }
  }

  /// One connection, from its first byte to the last.
  private static final class Run {
    private final int setup;
    private final int how;
    private final int withPiece;
    private final int unixFds;
    private final byte[] rest;
    private final FuzzedTransport transport;
    private final Account account = new Account();
    private final FuzzedObjects objects = new FuzzedObjects();
    private final List<CompletableFuture<MethodReturn>> calls = new ArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final CompletableFuture<CloseReason> over = new CompletableFuture<>();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private Optional<DBusConnection> connection = Optional.empty();
    private int messagesFrom;

    Run(byte[] input) {
      setup = input[0];
      how = input[1] & 0xff;
      withPiece = input[2] & 0xff;
      unixFds = (input[3] & 0xff) % 12;
      rest = new byte[input.length - HEADER];
      System.arraycopy(input, HEADER, rest, 0, rest.length);
      transport = new FuzzedTransport();
    }

    private boolean is(int bit) {
      return (setup & bit) != 0;
    }

    void go() {
      var side =
          DBusConnection.serverSide(transport, Guid.random())
              .policy(AuthPolicy.anyUser())
              .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(LONG))
              .limits(is(NO_UNIX_FDS) ? LIMITS.withUnixFds(0) : LIMITS)
              .budget(this::account)
              .objects(objects.tree())
              .onAuthenticated(this::authenticated);
      if (is(CONCURRENT)) {
        side.concurrent();
      }
      side.start(reason -> ended.incrementAndGet());
      if (is(AUTHENTICATED)) {
        transport.push(ByteBuffer.wrap(ConnectionSeeds.handshake()), 0, this::letGo);
      }
      int piece = 0;
      for (int times = is(REPEATED) ? REPETITIONS : 1;
          times > 0 && !transport.isClosed();
          times--) {
        for (ByteBuffer bytes : Pieces.of(rest, how)) {
          boolean brings = piece++ == withPiece;
          push(bytes, brings ? unixFds : 0);
        }
      }
      end();
      check();
    }

    private Budget account(DBusConnection opened) {
      return account;
    }

    private boolean authenticated(DBusConnection opened) {
      connection = Optional.of(opened);
      messagesFrom = transport.written().length;
      if (is(SLOW)) {
        transport.readLater();
      }
      opened
          .closed()
          .thenAccept(reason -> {
            told.incrementAndGet();
            over.complete(reason);
          });
      var _ = opened.subscribe(SignalMatch.all().argument(0, "a"), signal -> objects.heard());
      for (int i = 0; i < 2; i++) {
        calls.add(
            opened.callAsync(
                MethodCall.of(
                    new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("Ask")),
                LONG));
      }
      return true;
    }

    private void push(ByteBuffer bytes, int brought) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      boolean before = connection.isPresent();
      transport.push(bytes, brought, this::letGo);
      if (connection.isPresent()) {
        // With the last bytes of the handshake the first of a message may come.
        int from = before ? 0 : behindBegin(copy);
        messages.write(copy, from, copy.length - from);
      }
    }

    private int behindBegin(byte[] piece) {
      String text = new String(piece, StandardCharsets.ISO_8859_1);
      return text.indexOf('\n', Math.max(0, text.indexOf("BEGIN"))) + 1;
    }

    /// Lets those go on for whom the connection waits: the peer reads, the application answers.
    private void letGo() {
      transport.read();
      objects.answerAll();
    }

    private void end() {
      if (is(CLOSED)) {
        connection.ifPresent(DBusConnection::close);
      }
      transport.end(is(BROKEN) ? Optional.of(new IOException("broken")) : Optional.empty());
      await(
          () -> {
            letGo();
            return transport.isClosed() && ended.get() > 0;
          },
          "the connection ends");
      if (connection.isPresent()) {
        await(over::isDone, "the end is told");
      }
      await(
          () -> {
            letGo();
            return account.isSettled();
          },
          account);
      await(transport::areUnixFdsClosed, "descriptors are closed");
      await(() -> calls.stream().allMatch(CompletableFuture::isDone), "calls are over");
    }

    private void check() {
      Claim.areEqual(List.of(), transport.mistakes());
      Claim.areEqual(1, ended.get());
      Claim.areEqual(connection.isPresent() ? 1 : 0, told.get());
      connection.ifPresent(it -> Claim.isTrue(it.isClosed(), "it is closed"));
      Claim.isTrue(account.mostBytes() <= MOST_BYTES, account.mostBytes() + " bytes");
      Claim.isTrue(account.mostUnixFds() <= 2 * LIMITS.unixFds() + 6, "descriptors held");
      if (connection.isPresent()) {
        checkAnswers(over.join());
      }
    }

    private void checkAnswers(CloseReason reason) {
      Map<Integer, Integer> expected = expectedReplies();
      byte[] written = transport.written();
      MessageDecoder decoder = new MessageDecoder();
      decoder.feed(ByteBuffer.wrap(written, messagesFrom, written.length - messagesFrom));
      try {
        for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
          switch (next.get()) {
            case MethodReturn reply -> expected.merge(reply.replySerial(), -1, Integer::sum);
            case ErrorMessage error -> expected.merge(error.replySerial(), -1, Integer::sum);
            default -> {}
          }
        }
      } catch (InvalidMessageException e) {
        throw new IllegalStateException("what was answered is invalid", e);
      }
      Claim.isTrue(expected.values().stream().allMatch(left -> left >= 0), "one reply to a call");
      if (reason.kind() == CloseReason.Kind.REMOTE) {
        Claim.areEqual(0, decoder.pending());
        Claim.isTrue(expected.values().stream().allMatch(left -> left == 0), "all are answered");
      }
    }

    /// How many replies to each serial there are to be.
    private Map<Integer, Integer> expectedReplies() {
      Map<Integer, Integer> expected = new HashMap<>();
      MessageDecoder decoder = new MessageDecoder(LIMITS.messageBytes());
      decoder.feed(ByteBuffer.wrap(messages.toByteArray()));
      try {
        for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
          if (next.get() instanceof MethodCall call && !call.noReplyExpected()) {
            expected.merge(call.serial(), 1, Integer::sum);
          }
        }
      } catch (InvalidMessageException e) {
        // What came before it was answered, perhaps.
      }
      return expected;
    }
  }
}
