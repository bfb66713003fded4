package foreign.executable;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;

import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.server.DBusServer;
import dbus.wire.Body;

/// The server and the client of the front page, in one program, as an executable jar.
final class Main {

  public static void main(String[] args) throws Exception {
    var greeter =
        Interface.named("com.example.Greeter1")
            .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
            .build();
    try (var server =
            DBusServer.at("unix:tmpdir=/tmp").export("/com/example/Greeter", greeter).start();
        var peer = DBusConnection.connect(server.clientAddress().toString())) {
      String greeting =
          peer.call(
              "/com/example/Greeter",
              "com.example.Greeter1",
              "Greet",
              Body.of(STRING, "you"),
              STRING);
      if (!greeting.equals("Hello, you")) {
        throw new AssertionError(greeting);
      }
    }
  }
}
