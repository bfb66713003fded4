package foreign.auth;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientHandshake;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.ServerHandshake;

/// Has both sides of a handshake talk to each other.
final class Main {

  public static void main(String[] args) {
    ServerHandshake server =
        ServerHandshake.builder(Guid.random())
            .socket(Credentials.ofThisProcess())
            .policy(AuthPolicy.sameUser())
            .build();
    ClientHandshake client = ClientHandshake.builder().build();
    while (client.hasOutput()) {
      server.receive(client.takeOutput());
      client.receive(server.takeOutput());
    }
    if (!(server.status() instanceof Authenticated)) {
      throw new AssertionError(server.status());
    }
  }
}
