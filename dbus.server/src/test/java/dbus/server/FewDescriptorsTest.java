package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server in a process that may have few descriptors, and has no more.
class FewDescriptorsTest {

  @TempDir Path directory;

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @DisplayName("SEC-12 without a free descriptor accepting backs off, tells so, and recovers")
  void acceptingRecovers() throws Exception {
    Path socket = directory.resolve("s");
    Process process = start(socket);
    try (BufferedReader out = process.inputReader();
        OutputStream in = process.getOutputStream()) {
      assertEquals("listening", out.readLine());
      // Where classes are files of a directory, to load one takes a descriptor: all that the server
      // does with a peer is to have happened before.
      try (RawClient early = RawClient.at(socket).authenticate()) {
        early.ping();
      }
      try (RawClient other = RawClient.at(socket).send("GET / HTTP/1.1\r\n")) {
        other.awaitEnd();
      }
      assertEquals("left", out.readLine());
      try (RawClient before = RawClient.at(socket).authenticate()) {
        before.ping();
        in.write('\n');
        in.flush();
        assertEquals("exhausted", out.readLine());
        // The call that accepts has had its descriptor since before it waited: that is one peer.
        try (RawClient first = RawClient.at(socket)) {
          assertEquals("not accepted", out.readLine());
        }
        try (RawClient waiting = RawClient.at(socket).send(RawClient.handshake())) {
          // Several times, so that it has backed off in between.
          for (int i = 0; i < 3; i++) {
            assertEquals("not accepted", out.readLine());
          }
          before.ping();
          in.write('\n');
          in.flush();
          waiting.expectOk().ping();
        }
        try (RawClient after = RawClient.at(socket).authenticate()) {
          after.ping();
        }
        before.ping();
      }
    } finally {
      process.destroyForcibly();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
  }

  private static Process start(Path socket) throws IOException {
    String path =
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path")
            + File.pathSeparator
            + Path.of("target", "test-classes").toAbsolutePath();
    return new ProcessBuilder(
            "sh",
            "-c",
            "ulimit -n 64; exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            path,
            Poor.class.getName(),
            socket.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
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
        var _ = System.in.read();
        List<FileChannel> taken = takeAll();
        for (FileChannel one : taken) {
          one.close();
        }
        server.awaitStop();
      }
    }

    /// Takes all, and goes on with what peers give back that are not served, until it is told to
    /// end.
    private static List<FileChannel> takeAll() throws IOException {
      List<FileChannel> taken = new ArrayList<>();
      takeWhatIsThere(taken);
      System.out.println("exhausted");
      while (System.in.available() == 0) {
        LockSupport.parkNanos(1_000_000);
        takeWhatIsThere(taken);
      }
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
