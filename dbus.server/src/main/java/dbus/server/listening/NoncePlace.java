package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/// Sockets whose peers must show a nonce first.
final class NoncePlace implements Listener {

  private static final Logger LOG = System.getLogger(NoncePlace.class.getName());

  private final List<Acceptor> acceptors;
  private final NonceFile file;
  private final Address clientAddress;
  private final Guid guid;

  NoncePlace(List<Acceptor> acceptors, NonceFile file, Address clientAddress, Guid guid) {
    this.acceptors = acceptors.stream().<Acceptor>map(it -> new Asking(it, file)).toList();
    this.file = file;
    this.clientAddress = clientAddress;
    this.guid = guid;
  }

  /// Accepts at once; the nonce is waited for by whoever reads from the peer.
  private record Asking(Acceptor acceptor, NonceFile file) implements Acceptor {

    @Override
    public Transport accept() throws IOException {
      return new NonceTransport(acceptor.accept(), file.nonce());
    }

    @Override
    public void close() {
      acceptor.close();
    }
  }

  @Override
  public List<Acceptor> acceptors() {
    return acceptors;
  }

  @Override
  public Address clientAddress() {
    return clientAddress;
  }

  @Override
  public Guid guid() {
    return guid;
  }

  @Override
  public void close() {
    acceptors.forEach(Acceptor::close);
    try {
      file.remove();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the nonce file " + file + " could not be removed", e);
    }
  }
}
