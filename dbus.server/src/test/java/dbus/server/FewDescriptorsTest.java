package dbus.server;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dbus.address.Address;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server in a process that may have few descriptors, and has no more.
class FewDescriptorsTest {

  /// All descriptors of the process.
  private static final int LIMIT = 64;

  @TempDir Path directory;

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @DisplayName("SEC-12 without a free descriptor accepting backs off, tells so, and recovers")
  void acceptingRecovers() throws Exception {
    Path socket = directory.resolve("s");
    try (ChildJvm process = start(socket)) {
      awaitLine(process, "listening");
      // Where classes are files of a directory, to load one takes a descriptor: all that the server
      // does with a peer is to have happened before.
      try (RawClient early = RawClient.at(socket).authenticate()) {
        early.ping();
      }
      try (RawClient other = RawClient.at(socket).send("GET / HTTP/1.1\r\n")) {
        other.awaitEnd();
      }
      awaitLine(process, "left");
      try (RawClient before = RawClient.at(socket).authenticate()) {
        before.ping();
        process.order();
        awaitLine(process, "exhausted");
        // Some may get in: the call that accepts has had its descriptor since before it waited, and
        // it may be faster than the program to take what is given back. All of them cannot.
        Deque<RawClient> waiting = new ArrayDeque<>();
        for (int i = 0; i < LIMIT; i++) {
          waiting.add(RawClient.at(socket).send(RawClient.handshake()));
        }
        // Several times, so that it has backed off in between.
        for (int i = 0; i < 4; i++) {
          awaitLine(process, "not accepted");
        }
        before.ping();
        process.order();
        for (RawClient next = waiting.poll(); next != null; next = waiting.poll()) {
          next.expectOk().ping();
          next.close();
        }
        before.ping();
      }
    }
  }

  private static ChildJvm start(Path socket) throws IOException {
    List<String> limited = List.of("sh", "-c", "ulimit -n " + LIMIT + "; exec \"$@\"", "sh");
    return ChildJvm.start(limited, Poor.class, socket.toString());
  }

  /// The listener and the program write lines as they happen to.
  private static void awaitLine(ChildJvm process, String expected) throws IOException {
    String line = process.readLine();
    while (!expected.equals(line)) {
      assertNotNull(line, () -> "the process has ended before: " + expected);
      line = process.readLine();
    }
  }

  /// Listens; takes all descriptors that it can get, when it is told to; gives them back, when it
  /// is told again.
  static final class Poor {

    private Poor() {}

    public static void main(String[] args) throws Exception {
      ServerListener listener =
          new ServerListener() {
            @Override
            public void acceptFailed(Address at, Throwable failure) {
              System.out.println("not accepted");
            }

            @Override
            public void closed(AcceptedPeer peer, DBusConnection connection, CloseReason reason) {
              System.out.println("left");
            }
          };
      try (DBusServer server = DBusServer.at("unix:path=" + args[0]).listener(listener).start()) {
        System.out.println("listening");
        ChildJvm.awaitOrder();
        List<FileChannel> taken = takeAll();
        for (FileChannel one : taken) {
          one.close();
        }
        server.awaitStop();
      }
    }

    /// Takes all, and goes on with what peers give back that are not served, until it is told to
    /// end.
    private static List<FileChannel> takeAll() throws Exception {
      List<FileChannel> taken = new ArrayList<>();
      takeWhatIsThere(taken);
      AtomicBoolean enough = new AtomicBoolean();
      Thread taking =
          Thread.ofPlatform()
              .start(() -> {
                while (!enough.get()) {
                  LockSupport.parkNanos(1_000_000);
                  takeWhatIsThere(taken);
                }
              });
      System.out.println("exhausted");
      ChildJvm.awaitOrder();
      enough.set(true);
      taking.join();
      return taken;
    }

    private static void takeWhatIsThere(List<FileChannel> taken) {
      try {
        while (true) {
          taken.add(FileChannel.open(Path.of("/dev/null")));
        }
      } catch (IOException noMore) {
        // To throw it takes a descriptor the first time, where a class is loaded.
        return;
      }
    }
  }
}
