package dbus.connection;

import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UNIX_FD_INDEX;

import dbus.wire.Body;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The ways in which a connection ends that file descriptors travel on, over sockets of
/// junixsocket.
final class EndingsWithUnixFds extends Endings {

  EndingsWithUnixFds(Consumer<Object> made) {
    super(made);
  }

  @Override
  Map<String, Ending> byName() {
    return Map.of(
        "descriptors came, were read, and were left",
        this::unixFdsCame,
        "more descriptors than the limit",
        at -> unixFdsBeyondTheLimit(),
        "descriptors of a message that is not complete",
        at -> unixFdsHeld(),
        "descriptors that no message declares",
        at -> unixFdsUndeclared(),
        "descriptors in the socket of a paused connection",
        at -> unixFdsUnread(),
        "descriptors in an answer that nobody reads",
        at -> unixFdsAnswered(),
        "descriptors that wait to be sent",
        at -> unixFdsQueued());
  }

  private CompletionStage<?> unixFdsCame(Meeting at) throws Exception {
    Both both = both(at);
    for (String member : List.of("Take", "Leave", "Unknown")) {
      var _ =
          both.client()
              .callAsync(call(member).withBody(Body.of(UNIX_FD, reader(UnixFd.pipe()))), FOREVER);
    }
    return both.client()
        .callAsync(call("Give"), FOREVER)
        .thenCompose(reply -> {
          reply.body().unixFds().close();
          both.client().close();
          return both.over();
        });
  }

  private interface Playing {
    void play(RawPeer peer, UnixFd fd) throws Exception;
  }

  private CompletionStage<?> rawPeer(UnaryOperator<ServerSide> options, Playing playing)
      throws Exception {
    try (RawPeer peer = new RawPeer();
        UnixFd fd = reader(UnixFd.pipe())) {
      CompletionStage<CloseReason> over = options.apply(server(peer.transport())).start();
      playing.play(peer, fd);
      return over;
    }
  }

  private static byte[] leave(RawPeer peer) {
    return peer.bytesOf(call("Leave").withBody(Body.of(UNIX_FD_INDEX, 0)).withUnixFds(1));
  }

  private CompletionStage<?> unixFdsHeld() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(Arrays.copyOf(leave(peer), 20), fd);
        });
  }

  private CompletionStage<?> unixFdsBeyondTheLimit() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          UnixFd[] many = new UnixFd[61];
          Arrays.fill(many, fd);
          peer.sends(peer.bytesOf(call("Leave").withUnixFds(many.length)), many);
        });
  }

  private CompletionStage<?> unixFdsUndeclared() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(peer.bytesOf(CALL), fd, fd);
        });
  }

  private CompletionStage<?> unixFdsUnread() throws Exception {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    return rawPeer(
        side -> side.paused().onAuthenticated(opened::complete),
        (peer, fd) -> {
          peer.sends(RawPeer.HANDSHAKE);
          peer.sends(leave(peer), fd);
          peer.sends(leave(peer), fd);
          DBusConnection connection = opened.get(30, TimeUnit.SECONDS);
          made(connection);
          connection.close();
        });
  }

  private CompletionStage<?> unixFdsAnswered() throws Exception {
    return rawPeer(
        side -> side,
        (peer, fd) -> {
          peer.authenticates();
          peer.sends(RawPeer.bytes(peer.bytesOf(call("Give")), peer.bytesOf(CALL)));
          peer.endsItsStream();
        });
  }

  private CompletionStage<?> unixFdsQueued() throws Exception {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    return rawPeer(
        side -> side.onAuthenticated(opened::complete),
        (peer, fd) -> {
          peer.authenticates();
          DBusConnection connection = opened.get(30, TimeUnit.SECONDS);
          made(connection);
          String big = "x".repeat(300_000);
          for (int i = 0; i < 3; i++) {
            var _ = connection.callAsync(call("Text").withBody(Body.of(STRING, big)), FOREVER);
            var _ =
                connection.callAsync(
                    call("Leave").withBody(Body.of(UNIX_FD, fd.duplicate())), FOREVER);
          }
          connection.close(Duration.ZERO);
        });
  }
}
