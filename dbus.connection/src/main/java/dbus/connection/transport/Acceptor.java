package dbus.connection.transport;

import java.io.IOException;

/// A bound socket at which peers knock.
public interface Acceptor extends AutoCloseable {

  /// Waits for the next peer. By one thread at a time.
  ///
  /// @throws IOException if this one could not be accepted; the next may be. After [#close()],
  ///   always
  Transport accept() throws IOException;

  /// Ends listening: a peer that comes later is refused by the operating system, and a wait in
  /// [#accept()] has ended. Callable from any thread, any number of times.
  @Override
  void close();
}
