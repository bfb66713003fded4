package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.transport.ConnectedSocket;
import dbus.wire.Body;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a program is told that was started without the option for native functions.
@EnabledOnOs(OS.LINUX)
class NativeAccessTest {

  private static List<String> linesOf(ChildJvm program) throws Exception {
    try (program) {
      List<String> lines = new ArrayList<>();
      for (String line = program.readLine(); line != null; line = program.readLine()) {
        lines.add(line);
      }
      assertEquals(0, program.awaitEnd());
      return lines;
    }
  }

  @Test
  @DisplayName("without native access it is said once that sockets are slow, with the whole option")
  void slowBackEnd() throws Exception {
    List<String> lines = linesOf(ChildJvm.onModulePath(List.of(), Serving.class));
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().startsWith("INFO "), lines::toString);
    assertTrue(
        lines
            .getFirst()
            .endsWith("java with --enable-native-access=org.newsclub.net.unix,dbus.connection"),
        lines::toString);
  }

  @Test
  @DisplayName("with it nothing is said")
  void fastBackEnd() throws Exception {
    String option = "--enable-native-access=org.newsclub.net.unix,dbus.connection";
    assertEquals(List.of(), linesOf(ChildJvm.onModulePath(List.of(option), Serving.class)));
    assertEquals(List.of(), linesOf(ChildJvm.start(Serving.class)), "on the class path");
  }

  @Test
  @DisplayName("where native functions are forbidden, that is said, and what a descriptor takes")
  void none() throws Exception {
    List<String> lines =
        linesOf(ChildJvm.withOptions(List.of("--illegal-native-access=deny"), TakingOver.class));
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.getFirst().startsWith("INFO junixsocket cannot be loaded"), lines::toString);
    assertTrue(lines.getLast().startsWith("to take over a socket"), lines::toString);
    for (String line : lines) {
      assertTrue(line.contains("--enable-native-access=ALL-UNNAMED"), line);
    }
  }

  /// Serves two peers at two servers, and prints what is logged.
  static final class Serving {

    public static void main(String[] none) throws Exception {
      try (LoggedLines logged = new LoggedLines()) {
        for (int i = 0; i < 2; i++) {
          try (DBusServer server = DBusServer.at("unix:tmpdir=/tmp").start();
              DBusConnection peer = DBusConnection.connect(server.clientAddress().toString())) {
            var _ = peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
          }
        }
        logged.loud().forEach(System.out::println);
      }
    }
  }

  /// Takes over its standard input, and prints what is logged, and why that failed.
  static final class TakingOver {

    public static void main(String[] none) {
      try (LoggedLines logged = new LoggedLines()) {
        String told = "";
        try {
          ConnectedSocket.of(FileDescriptor.in).close();
        } catch (IOException e) {
          told = String.valueOf(e.getMessage());
        }
        logged.loud().forEach(System.out::println);
        System.out.println(told);
      }
    }
  }
}
