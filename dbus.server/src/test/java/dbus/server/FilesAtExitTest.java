package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a server leaves in the file system if nobody stops it and its JVM ends.
@EnabledOnOs({OS.LINUX, OS.MAC})
@DisplayName("SERV-03, SERV-08 when the JVM ends in an orderly way")
class FilesAtExitTest {

  // Of "env", for a shell in whose background these tests run ignores SIGINT, and so would they.
  private static final List<String> INTERRUPTIBLE =
      OS.LINUX.isCurrentOs() ? List.of("env", "--default-signal=INT") : List.of();

  @TempDir Path directory;

  private ChildJvm listen(String address, String end, String files) throws IOException {
    ChildJvm child =
        ChildJvm.start(
            INTERRUPTIBLE,
            Listening.class,
            address.replace("DIR", directory.toString()),
            end,
            files,
            directory.toString());
    assertEquals("listening", child.readLine());
    return child;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    }
  }

  private static void end(ChildJvm child, String how) throws Exception {
    switch (how) {
      case "TERM", "INT" -> child.signal(how);
      default -> child.order();
    }
    int _ = child.awaitEnd();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "unix:tmpdir=DIR,TERM",
    "unix:tmpdir=DIR,INT",
    "unix:tmpdir=DIR,exit",
    "unix:tmpdir=DIR,return",
    "unix:path=DIR/s,TERM",
    "unix:path=DIR/s,INT",
    "unix:path=DIR/s,exit",
    "unix:path=DIR/s,return",
    "nonce-tcp:host=127.0.0.1,TERM",
    "nonce-tcp:host=127.0.0.1,INT",
    "nonce-tcp:host=127.0.0.1,exit",
    "nonce-tcp:host=127.0.0.1,return",
  })
  @DisplayName("its files go with it")
  void theyGo(String address, String how) throws Exception {
    try (ChildJvm child = listen(address, how, "remove")) {
      assertEquals(1, files().size(), files()::toString);
      end(child, how);
      assertEquals(List.of(), files());
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"unix:path=DIR/s,TERM", "nonce-tcp:host=127.0.0.1,exit"})
  @DisplayName("they stay if they are to")
  void theyStay(String address, String how) throws Exception {
    try (ChildJvm child = listen(address, how, "keep")) {
      List<Path> made = files();
      assertEquals(1, made.size(), made::toString);
      end(child, how);
      assertEquals(made, files());
    }
  }

  @Test
  @DisplayName("SERV-18 a file that has taken the place of its socket stays")
  void whatIsOfOthersStays() throws Exception {
    Path socket = directory.resolve("s");
    try (ChildJvm child = listen("unix:path=DIR/s", "TERM", "remove")) {
      // Not deleted: its inode could be given to the next file.
      Files.move(socket, directory.resolve("moved"));
      Files.writeString(socket, "of somebody else");
      end(child, "TERM");
      assertEquals("of somebody else", Files.readString(socket));
    }
  }

  @Test
  @DisplayName("a server that was stopped before has left nothing to be removed")
  void stoppedBefore() throws Exception {
    Path socket = directory.resolve("s");
    try (ChildJvm child = listen("unix:path=DIR/s", "stop", "remove")) {
      child.order();
      assertEquals("stopped", child.readLine());
      assertFalse(Files.exists(socket));
      child.order();
      int _ = child.awaitEnd();
      assertFalse(Files.exists(socket));
    }
  }

  /// Listens, and ends as it is told to, with the server open.
  static final class Listening {

    private Listening() {}

    public static void main(String[] args) throws Exception {
      DBusServerBuilder options =
          DBusServer.at(args[0]).environment(PlacesTest.environment("XDG_RUNTIME_DIR", args[3]));
      if (args[2].equals("keep")) {
        var _ = options.keepFilesAtExit();
      }
      // One that is started keeps the JVM running when main has returned.
      DBusServer server = args[1].equals("return") ? options.open() : options.start();
      System.out.println("listening");
      ChildJvm.awaitOrder();
      if (args[1].equals("exit")) {
        System.exit(0);
      }
      if (args[1].equals("stop")) {
        server.close();
        System.out.println("stopped");
        ChildJvm.awaitOrder();
      }
    }
  }
}
