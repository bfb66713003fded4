package dbus.server.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.AddressException;
import dbus.address.Environment;
import dbus.address.Guid;
import dbus.address.Systemd;
import dbus.auth.Credentials;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.connection.transport.UnixSockets;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A place whose one peer was there before this process.
@DisplayName("ADDR-38 of a peer that systemd has accepted")
class InheritedPeerTest {

  private static final Guid GUID = Guid.random();

  private static InheritedPeer place(Transport peer, boolean otherMachines) {
    return InheritedPeer.of(
        peer,
        Systemd.of(),
        GUID,
        new ListenOptions(
            UnixSockets.AUTOMATIC,
            SocketFileAccess.ofMode("rw-------"),
            otherMachines,
            false,
            Environment.ofProcess()));
  }

  @Test
  @DisplayName("there is one, and who waits for another does so until the place is closed")
  void once() throws Exception {
    Transport peer = TransportPair.inMemory().server();
    InheritedPeer place = place(peer, false);
    Acceptor acceptor = place.acceptors().getFirst();
    assertSame(peer, acceptor.accept());
    CompletableFuture<Transport> another = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              try {
                another.complete(acceptor.accept());
              } catch (IOException e) {
                another.completeExceptionally(e);
              }
            });
    place.close();
    waiting.join();
    assertTrue(another.isCompletedExceptionally());
    assertEquals("systemd:guid=" + GUID, place.clientAddress().toString());
  }

  @Test
  @DisplayName("it is not known as gone before it is")
  void deserted() throws Exception {
    Transport peer = TransportPair.inMemory().server();
    InheritedPeer place = place(peer, false);
    var deserted = place.deserted().orElseThrow().toCompletableFuture();
    place.left(TransportPair.inMemory().server());
    assertTrue(!deserted.isDone(), "another has left");
    place.left(peer);
    var _ = deserted.get(30, TimeUnit.SECONDS);
    place.close();
  }

  @Test
  @DisplayName("ADDR-34 one on another machine is refused, unless that is allowed")
  void otherMachine() throws Exception {
    Transport peer = new FarPeer();
    assertThrows(AddressException.class, () -> place(peer, false));
    place(peer, true).close();
  }

  private static final class FarPeer implements Transport {

    @Override
    public Optional<SocketAddress> remoteAddress() {
      return Optional.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4711));
    }

    @Override
    public void start(Receiver receiver) {}

    @Override
    public void readElsewhere() {}

    @Override
    public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) {}

    @Override
    public Credentials credentials() {
      return Credentials.UNKNOWN;
    }

    @Override
    public int maxUnixFds() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
