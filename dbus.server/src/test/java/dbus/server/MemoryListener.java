package dbus.server;

import dbus.address.Address;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import dbus.server.listening.Listener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/// A place in memory to listen at. What accepting gives, be it a transport or an exception, is for
/// the test to say.
class MemoryListener implements Listener, Acceptor {

  private final Guid guid = Guid.random();
  private final BlockingQueue<Callable<Transport>> knocks = new LinkedBlockingQueue<>();

  /// A peer knocks.
  ///
  /// @param seenAs what the server's end of it becomes before it is accepted
  /// @return the peer's end
  Transport knock(UnaryOperator<Transport> seenAs) {
    TransportPair pair = TransportPair.inMemory();
    Transport server = seenAs.apply(pair.server());
    knocks.add(() -> server);
    return pair.client();
  }

  /// Accepting fails once.
  void fail(Callable<Transport> how) {
    knocks.add(how);
  }

  @Override
  public Transport accept() throws IOException {
    Transport next;
    try {
      next = knocks.take().call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
    return next;
  }

  @Override
  public List<Acceptor> acceptors() {
    return List.of(this);
  }

  @Override
  public Address clientAddress() {
    return AddressList.parse("unix:path=/in/memory").iterator().next().withGuid(guid);
  }

  @Override
  public Guid guid() {
    return guid;
  }

  @Override
  public void close() {
    knocks.add(() -> {
      throw new IOException("closed");
    });
  }
}
