package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A server that may have few file descriptors.
class ScarceDescriptorsIT {

  private static void isServed(DBusConnection peer) throws Exception {
    assertEquals(Body.EMPTY, peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY));
  }

  private static String said(ServeProcess server) {
    try {
      return server.err();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName(
      "SEC-12 where it has none left it accepts nobody, serves those it has, and accepts again"
          + " when some have left")
  void accepting() throws Exception {
    try (ServeProcess server = ServeProcess.start();
        DBusConnection first = DBusConnection.connect(server.address())) {
      isServed(first);
      server.limitDescriptors(server.descriptors() + 5);
      List<DBusConnection> others = new ArrayList<>();
      assertThrows(
          ConnectException.class,
          () -> {
            for (int i = 0; i < 10; i++) {
              others.add(
                  DBusConnection.to(server.address()).connectTime(Duration.ofSeconds(2)).connect());
            }
          });
      // The client may know before the server has said so.
      server.await(
          "it says that it accepts nobody",
          () -> said(server).contains("a peer could not be accepted"));
      isServed(first);
      others.forEach(DBusConnection::close);
      assertTrue(others.size() > 0, "nobody was accepted at all");
      try (DBusConnection again = DBusConnection.connect(server.address())) {
        isServed(again);
      }
      isServed(first);
    }
  }
}
