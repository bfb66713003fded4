package dbus.connection;

import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.listOf;

import dbus.address.Guid;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.UnixFds;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A program that may have few file descriptors, and says how its connections bear it.
final class ScarceDescriptors {

  private static final Duration LONG = Duration.ofSeconds(60);

  private ScarceDescriptors() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "sending" -> sending();
      case "receiving" -> receiving();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  private static MethodCall call(String member) {
    return MethodCall.of(
        new ObjectPath("/a"), new InterfaceName("com.example.A1"), new MemberName(member));
  }

  private static DBusConnection serve(RawPeer peer) throws Exception {
    CompletableFuture<DBusConnection> serving =
        DBusConnection.serverSide(peer.transport(), Guid.random()).accept();
    peer.authenticates();
    return serving.get(30, TimeUnit.SECONDS);
  }

  /// More than the kernel lets be on the way, to a peer that does not read at first.
  private static void sending() throws Exception {
    try (RawPeer peer = new RawPeer();
        DBusConnection connection = serve(peer);
        FileInputStream file = new FileInputStream("/dev/null");
        UnixFd fd = UnixFd.of(file.getFD())) {
      List<CompletableFuture<?>> calls = new ArrayList<>();
      while (calls.stream().noneMatch(CompletableFuture::isDone)) {
        calls.add(send(connection, fd));
        // So it has left, or fails.
        if (!connection.flush(LONG)) {
          throw new IllegalStateException("stuck");
        }
      }
      try {
        CompletableFuture.anyOf(calls.toArray(CompletableFuture<?>[]::new)).get();
      } catch (ExecutionException e) {
        System.out.println("refused: " + e.getCause().getMessage());
      }
      connection.emit("/a", "com.example.A1", "Plain", Body.of(STRING, "goes on"));
      int came = 0;
      Message message = peer.receives();
      for (; message.unixFds() > 0; message = peer.receives()) {
        came++;
        message.body().unixFds().close();
      }
      int refused = calls.size() - came;
      while (calls.stream().filter(CompletableFuture::isDone).count() < refused) {
        Thread.onSpinWait();
      }
      System.out.println("all others came");
      System.out.println(message.body().read(STRING));
      var _ = send(connection, fd);
      try (UnixFds fds = peer.receives().body().unixFds()) {
        System.out.println(fds.size() + " descriptors again");
      }
      System.out.println(connection.isClosed() ? "closed" : "open");
    }
  }

  private static CompletableFuture<?> send(DBusConnection connection, UnixFd fd)
      throws IOException {
    List<UnixFd> copies = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      copies.add(fd.duplicate());
    }
    return connection.callAsync(
        call("With").withBody(Body.of(listOf(UNIX_FD), copies)), Duration.ofDays(1000));
  }

  /// More than this process can take.
  private static void receiving() throws Exception {
    try (RawPeer first = new RawPeer();
        RawPeer second = new RawPeer();
        RawPeer third = new RawPeer();
        DBusConnection one = serve(first);
        DBusConnection other = serve(second);
        DBusConnection spared = serve(third);
        FileInputStream file = new FileInputStream("/dev/null");
        UnixFd fd = UnixFd.of(file.getFD())) {
      UnixFd[] sixteen = new UnixFd[16];
      Arrays.fill(sixteen, fd);
      // Once while there is room, so that whatever is loaded or opened for it is there.
      send(first, sixteen);
      System.out.println("with room: " + first.receives().getClass().getSimpleName());
      List<FileInputStream> hog = new ArrayList<>();
      try {
        while (true) {
          hog.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException full) {
        for (int i = 0; i < 3; i++) {
          hog.removeLast().close();
        }
      }
      send(second, sixteen);
      CloseReason reason = other.closed().toCompletableFuture().get(30, TimeUnit.SECONDS);
      System.out.println("without: " + reason.kind() + ": " + reason.detail());
      third.sends(third.bytesOf(call("Nothing")));
      System.out.println("another: " + third.receives().getClass().getSimpleName());
      for (FileInputStream stream : hog) {
        stream.close();
      }
      send(first, sixteen);
      System.out.println("with room again: " + first.receives().getClass().getSimpleName());
      System.out.println(one.isClosed() || spared.isClosed() ? "closed" : "open");
    }
  }

  private static void send(RawPeer peer, UnixFd... fds) throws IOException {
    peer.sends(peer.bytesOf(call("Nothing").withBody(Body.of(INT32, 1)).withUnixFds(16)), fds);
  }
}
