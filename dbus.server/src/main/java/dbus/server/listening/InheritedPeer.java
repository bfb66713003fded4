package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.address.Systemd;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A place with one peer, who was there before this process: systemd has accepted it, with
/// `Accept=yes`. Nobody else comes, and clients cannot be told of it: where this peer connected,
/// the next one meets another process, with another guid.
final class InheritedPeer implements Listener {

  private final Transport peer;
  private final Address address;
  private final Guid guid;

  private final AtomicBoolean taken = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Void> deserted = new CompletableFuture<>();

  private InheritedPeer(Transport peer, Systemd address, Guid guid) {
    this.peer = peer;
    this.address = address.withGuid(guid);
    this.guid = guid;
  }

  /// @param address that it came by
  /// @throws dbus.address.AddressException if the peer is on another machine, which is not allowed
  static InheritedPeer of(Transport peer, Systemd address, Guid guid, ListenOptions options) {
    if (peer.remoteAddress().filter(InheritedPeer::isElsewhere).isPresent()) {
      options.requireOtherMachines("a socket that was passed on, with its peer,", address);
    }
    return new InheritedPeer(peer, address, guid);
  }

  private static boolean isElsewhere(SocketAddress remote) {
    return remote instanceof InetSocketAddress inet && !inet.getAddress().isLoopbackAddress();
  }

  @Override
  public List<Acceptor> acceptors() {
    return List.of(new OnePeer());
  }

  private final class OnePeer implements Acceptor {

    @Override
    public Transport accept() throws ClosedChannelException {
      if (taken.compareAndSet(false, true)) {
        return peer;
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new ClosedChannelException();
    }

    @Override
    public void close() {
      InheritedPeer.this.close();
    }
  }

  @Override
  public void left(Transport gone) {
    if (gone.equals(peer)) {
      deserted.complete(null);
    }
  }

  @Override
  public Optional<CompletionStage<Void>> deserted() {
    return Optional.of(deserted.minimalCompletionStage());
  }

  @Override
  public Address clientAddress() {
    return address;
  }

  @Override
  public Guid guid() {
    return guid;
  }

  @Override
  public void close() {
    if (taken.compareAndSet(false, true)) {
      peer.close();
    }
    closed.countDown();
  }
}
