package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!said(server).contains("a peer could not be accepted")) {
        assertTrue(others.size() < 10 && System.nanoTime() < end, "it accepts all");
        try {
          others.add(
              DBusConnection.to(server.address()).connectTime(Duration.ofSeconds(2)).connect());
        } catch (ConnectException notAccepted) {
          // Or not yet, where the machine is busy: the server is to say which.
        }
      }
      isServed(first);
      others.forEach(DBusConnection::close);
      assertFalse(others.isEmpty(), "nobody was accepted at all");
      try (DBusConnection again = DBusConnection.connect(server.address())) {
        isServed(again);
      }
      isServed(first);
    }
  }
}
