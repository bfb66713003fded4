package dbus.connection.transport;

import dbus.auth.Credentials;

/// Two transports that are joined: what one writes, the other reads. For tests, and for two parts
/// of a program that speak D-Bus with each other, without a socket between them:
///
/// ```java
/// TransportPair pair = TransportPair.inMemory();
/// CompletionStage<DBusConnection> serving =
///     DBusConnection.serverSide(pair.server(), Guid.random()).objects(objects).accept();
/// DBusConnection client = DBusConnection.clientSide(pair.client()).connect();
/// ```
///
/// Which of the two is called the client's makes no difference to them.
///
/// @param client what the client's side of a connection takes
/// @param server what the server's side takes
public record TransportPair(Transport client, Transport server) {

  /// A new pair in memory. Each side holds 64 KiB that the other has not read; then a writer waits,
  /// as on a socket. What was written before one side was closed can still be read on the other.
  ///
  /// Each has the credentials of this process, so that EXTERNAL works, and the server's default
  /// policy lets the client in. File descriptors do not travel.
  public static TransportPair inMemory() {
    MemoryPipe toServer = new MemoryPipe();
    MemoryPipe toClient = new MemoryPipe();
    Credentials both = Credentials.ofThisProcess();
    return new TransportPair(
        ChannelTransport.of(new MemoryChannel(toClient, toServer), both),
        ChannelTransport.of(new MemoryChannel(toServer, toClient), both));
  }
}
