package dbus.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.auth.Credentials;
import dbus.auth.HandshakeLimits;
import dbus.connection.CloseReason.Kind;
import dbus.connection.Meeting.Played;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The ways in which a connection ends whose peer does as it likes.
final class EndingsWithPlayedPeer extends Endings {

  EndingsWithPlayedPeer(Consumer<Object> made) {
    super(made);
  }

  @Override
  Map<String, Ending> byName() {
    return Map.ofEntries(
        Map.entry("refused", at -> refused(at, connection -> false)),
        Map.entry(
            "refused by an exception",
            at ->
                refused(
                    at,
                    connection -> {
                      throw new IllegalStateException("on purpose");
                    })),
        Map.entry("left before the first byte", at -> brokenOff(at, "")),
        Map.entry("left in a line", at -> brokenOff(at, "\0AUTH EXT")),
        Map.entry("left after OK", at -> brokenOff(at, handshake().replace("BEGIN\r\n", ""))),
        Map.entry("stream ended in a line", at -> streamEnded(at, "\0AUTH EXT")),
        Map.entry("authentication fails", at -> notAuthenticated(at, "\0AUTH X\r\nBEGIN\r\n")),
        Map.entry("a line without end", at -> notAuthenticated(at, "\0" + "A".repeat(17_000))),
        Map.entry("silent until the deadline", this::silent),
        Map.entry("left in a header", at -> brokenOff(at, handshake() + begun(20))),
        Map.entry("left in a body", at -> brokenOff(at, handshake() + begun(-2))),
        Map.entry("stream ended in a body", at -> streamEnded(at, handshake() + begun(-2))),
        Map.entry("stream ended after a call", at -> streamEnded(at, handshake() + text(CALL))),
        Map.entry("reset with an answer unread", at -> brokenOff(at, handshake() + text(CALL))),
        Map.entry("an invalid message", this::invalid),
        Map.entry("the server leaves in a line", at -> badServer(at, "OK 01234")),
        Map.entry("the server says what is no answer", at -> badServer(at, "NONSENSE\r\n")));
  }

  private static String handshake() {
    long uid = Credentials.ofThisProcess().uid().orElseThrow();
    return "\0AUTH EXTERNAL "
        + HexFormat.of().formatHex(Long.toString(uid).getBytes(ISO_8859_1))
        + "\r\nBEGIN\r\n";
  }

  private static String text(Message message) {
    return new String(MessageEncoder.encode(message, 1, ByteOrder.nativeOrder()), ISO_8859_1);
  }

  /// The beginning of a message.
  ///
  /// @param count of its bytes; if negative, all but so many
  private static String begun(int count) {
    String all = text(CALL);
    return all.substring(0, count < 0 ? all.length() + count : count);
  }

  private static CompletionStage<?> endsBy(CompletionStage<CloseReason> over, Set<Kind> kinds) {
    return over.thenAccept(
        reason -> assertEquals(Set.of(), kinds.contains(reason.kind()) ? Set.of() : reason));
  }

  private CompletionStage<?> refused(Meeting at, Predicate<DBusConnection> claim) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).onAuthenticated(claim).start();
    played.sends(handshake());
    return endsBy(over, Set.of(Kind.REFUSED)).thenRun(closing(played));
  }

  private static Runnable closing(Played played) {
    return () -> {
      try {
        played.leaves();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  private CompletionStage<?> brokenOff(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    played.leaves();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED, Kind.REMOTE, Kind.BROKEN));
  }

  private CompletionStage<?> streamEnded(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    played.endsItsStream();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED, Kind.REMOTE, Kind.BROKEN))
        .thenRun(closing(played));
  }

  private CompletionStage<?> notAuthenticated(Meeting at, String said) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(said);
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED)).thenRun(closing(played));
  }

  private CompletionStage<?> silent(Meeting at) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over =
        server(played.side())
            .handshakeLimits(HandshakeLimits.DEFAULT.withTimeLimit(Duration.ofMillis(5)))
            .start();
    return endsBy(over, Set.of(Kind.NOT_AUTHENTICATED)).thenRun(closing(played));
  }

  private CompletionStage<?> invalid(Meeting at) throws Exception {
    Played played = at.played();
    CompletionStage<CloseReason> over = server(played.side()).start();
    played.sends(handshake() + "this is no message at all");
    return endsBy(over, Set.of(Kind.INVALID_MESSAGE)).thenRun(closing(played));
  }

  private CompletionStage<?> badServer(Meeting at, String said) throws Exception {
    Played played = at.played();
    made(played.side());
    played.sends(said);
    played.endsItsStream();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    try {
      DBusConnection.clientSide(played.side()).connect().close();
      failed.completeExceptionally(new AssertionError("it has connected"));
    } catch (ConnectException e) {
      failed.complete(null);
    }
    played.leaves();
    return failed;
  }
}
