package dbus.testkit.foreign;

import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.UnixFd;
import dbus.wire.Body;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File descriptors between this implementation and others, both ways, on both sides (FD-01, FD-05,
/// FD-10).
class ForeignUnixFdsIT {

  private static final String OBJECT = "/dbus/testkit/Interop";
  private static final String INTERFACE = "dbus.testkit.Interop1";

  @TempDir Path directory;

  private static void passes(ForeignProgram client) throws Exception {
    try (ServeProcess server = ServeProcess.start()) {
      // What is opened once and for all is open after the first client.
      assertEquals("all passed", client.run(server.address()).expectSuccess().out());
      // One thread accepts; those that have read wait a few seconds for the next peer.
      server.await("the first client is gone", () -> server.readers() == 1);
      int descriptors = server.descriptors();
      assertEquals("all passed", client.run(server.address()).expectSuccess().out());
      server.await(
          "as many descriptors as before: " + descriptors,
          () -> server.descriptors() <= descriptors);
    }
  }

  @Test
  @DisplayName("FD-14 a GDBus client passes descriptors both ways, and the server keeps none")
  void gdbusClient() throws Exception {
    passes(ForeignProgram.python("gi.repository.Gio", "gdbus_fd_client.py", directory));
  }

  @Test
  @DisplayName("FD-14 a libdbus client passes descriptors both ways, and the server keeps none")
  void libdbusClient() throws Exception {
    passes(ForeignProgram.python("dbus", "libdbus_fd_client.py", directory));
  }

  @Test
  @DisplayName("FD-14 an sd-bus client passes descriptors both ways, and the server keeps none")
  void sdBusClient() throws Exception {
    passes(ForeignProgram.compiled("sdbus_fd_client.c", "libsystemd", directory));
  }

  private static void callAll(String address) throws Exception {
    try (DBusConnection peer = DBusConnection.connect(address)) {
      assertTrue(peer.passesUnixFds());
      Body reply = peer.call(OBJECT, INTERFACE, "OpenPipe", Body.of(STRING, "héllo"));
      try (FileInputStream in = reply.read(UNIX_FD).inputStream()) {
        assertEquals("héllo", new String(in.readAllBytes(), UTF_8));
      }
      UnixFd.Pipe pipe = UnixFd.pipe();
      try (FileOutputStream out = pipe.writer().outputStream()) {
        out.write("from Java".getBytes(UTF_8));
      }
      Body text = peer.call(OBJECT, INTERFACE, "ReadFd", Body.of(UNIX_FD, pipe.reader()));
      assertEquals("from Java", text.read(STRING));
    }
  }

  @Test
  @DisplayName("AUTH-28 our client passes descriptors both ways with a GDBus server")
  void gdbusServer() throws Exception {
    Process server =
        ForeignProgram.python("gi.repository.Gio", "gdbus_fd_server.py", directory)
            .start("unix:path=" + directory.resolve("socket"));
    try {
      callAll(server.inputReader().readLine());
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  @DisplayName("AUTH-28 our client passes descriptors both ways with an sd-bus server")
  void sdBusServer() throws Exception {
    String socket = directory.resolve("socket").toString();
    Process server =
        ForeignProgram.compiled("sdbus_fd_server.c", "libsystemd", directory).start(socket);
    try {
      assertEquals("listening", server.inputReader().readLine());
      callAll("unix:path=" + socket);
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
