package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.AddressError;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a user reads who cannot listen.
class ListenMessagesTest {

  private static ListenException refused(String address) {
    return assertThrows(ListenException.class, () -> DBusServer.at(address).open());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName("SERV-01 where nothing can be made in the directory, that is said of the directory")
  void noPermission() {
    // Not even root may.
    ListenException e = refused("unix:path=/sys/x");
    assertEquals(
        "cannot listen on unix:path=/sys/x: /sys: nothing can be made in this directory:"
            + " Operation not permitted (org.freedesktop.DBus.Error.AccessDenied)",
        e.getMessage());
    assertEquals(AddressError.ACCESS_DENIED, e.error());
  }

  @Test
  @DisplayName("SERV-01 numbers are written with the same digits in every locale")
  void digits() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      String missing = "unix:path=/nonexistent/s";
      String text = refused(missing + ";" + missing).getMessage();
      assertTrue(text.startsWith("cannot listen on any of 2 addresses: "), text);
      String account = new UserAccount(ServerLimits.DEFAULT, () -> {}).toString();
      assertEquals("0 connections, 0 bytes, 0 file descriptors, 0 handlers", account);
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }
}
