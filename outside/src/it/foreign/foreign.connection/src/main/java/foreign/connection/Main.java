package foreign.connection;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;

/// Looks for a server where there is none.
final class Main {

  public static void main(String[] args) {
    try (var peer = DBusConnection.connect("unix:path=/nonexistent/foreign")) {
      throw new AssertionError(peer);
    } catch (ConnectException e) {
      IO.println("as it should be: " + e.getMessage());
    }
  }
}
