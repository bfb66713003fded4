package dbus.server;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT64;
import static dbus.wire.Codec.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.UnixFd;
import dbus.wire.Body;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File descriptors between our client and our server: the example of the page of
/// `dbus.connection`.
class UnixFdExampleTest {

  @TempDir Path directory;

  private DBusServer server;

  private final Interface files =
      Interface.named("com.example.Files1")
          .method("Open", in("name", STRING), out("file", UNIX_FD), name -> open(name))
          .method("Count", in("file", UNIX_FD), out("bytes", INT64), file -> count(file))
          .build();

  private UnixFd open(String name) throws IOException {
    return UnixFd.of(new FileInputStream(directory.resolve(name).toFile()).getFD());
  }

  private static long count(UnixFd file) throws IOException {
    return file.inputStream().transferTo(OutputStream.nullOutputStream());
  }

  @BeforeEach
  void serve() throws Exception {
    server = DBusServer.at("unix:dir=" + directory).export("/com/example/Files", files).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("FD-01, FD-16, AUTH-26, AUTH-28 a file comes as a result, and goes as an argument")
  void theExample() throws Exception {
    Files.writeString(directory.resolve("a"), "content");
    try (DBusConnection peer = DBusConnection.connect(server.clientAddress().toString())) {
      assertTrue(peer.passesUnixFds());
      Body reply =
          peer.call("/com/example/Files", "com.example.Files1", "Open", Body.of(STRING, "a"));
      try (InputStream file = reply.read(UNIX_FD).inputStream()) {
        String text = new String(file.readAllBytes(), UTF_8);
        assertEquals("content", text);
      }
      UnixFd.Pipe pipe = UnixFd.pipe();
      try (FileOutputStream out = pipe.writer().outputStream()) {
        out.write(new byte[1234]);
      }
      Body count =
          peer.call(
              "/com/example/Files", "com.example.Files1", "Count", Body.of(UNIX_FD, pipe.reader()));
      assertEquals(1234, count.read(INT64));
      assertFalse(pipe.reader().isOpen());
    }
  }

  @Test
  @DisplayName("AUTH-28, FD-02 a client that does not ask passes none, and is told before sending")
  void clientWithout() throws Exception {
    try (DBusConnection peer =
        DBusConnection.to(server.clientAddress().toString()).maxUnixFds(0).connect()) {
      assertFalse(peer.passesUnixFds());
      UnixFd.Pipe pipe = UnixFd.pipe();
      Body argument = Body.of(UNIX_FD, pipe.reader());
      assertThrows(
          IllegalArgumentException.class,
          () -> peer.call("/com/example/Files", "com.example.Files1", "Count", argument));
      assertFalse(pipe.reader().isOpen());
      pipe.writer().close();
      assertFalse(peer.isClosed());
    }
  }

  @Test
  @DisplayName("FD-06 the limit is 0 to 253")
  void limits() {
    assertThrows(
        IllegalArgumentException.class, () -> DBusServer.at("unix:dir=/tmp").maxUnixFds(254));
    assertThrows(
        IllegalArgumentException.class, () -> DBusConnection.to("unix:path=/x").maxUnixFds(-1));
  }
}
