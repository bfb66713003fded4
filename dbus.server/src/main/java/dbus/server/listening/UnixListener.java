package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.address.UnixPath;
import dbus.connection.transport.Acceptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.function.Supplier;

/// A listening socket, its file, and its address.
final class UnixListener implements Listener {

  private static final Logger LOG = System.getLogger(UnixListener.class.getName());

  /// A random name that is taken that often is a sign of something else.
  private static final int DRAWS = 100;

  private final Acceptor acceptor;
  private final UnixSocketFile file;
  private final Address clientAddress;
  private final Guid guid;

  private UnixListener(UnixSocketFile file, Address clientAddress, Guid guid) {
    this.acceptor = file.acceptor();
    this.file = file;
    this.clientAddress = clientAddress;
    this.guid = guid;
  }

  /// Listens at the first of the addresses drawn that is free.
  static UnixListener drawn(Supplier<UnixPath> addresses, Guid guid, ListenOptions options)
      throws IOException {
    for (int i = 1; ; i++) {
      try {
        return at(addresses.get(), guid, options);
      } catch (FileAlreadyExistsException taken) {
        if (i == DRAWS) {
          throw taken;
        }
      }
    }
  }

  /// Listens at this path.
  static UnixListener at(UnixPath address, Guid guid, ListenOptions options) throws IOException {
    UnixSocketFile file =
        UnixSocketFile.create(
            address.path().toPath(),
            options.access(),
            options.unixSockets(),
            Leftovers.of(options));
    return new UnixListener(file, address.clientAddress(guid), guid);
  }

  @Override
  public List<Acceptor> acceptors() {
    return List.of(acceptor);
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
    try {
      // The file first: whoever comes now finds no socket, rather than one that is not served.
      file.remove();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the socket " + file + " could not be removed", e);
    }
    acceptor.close();
  }
}
