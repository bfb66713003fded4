package dbus.server;

import dbus.address.AddressList;
import java.nio.channels.ServerSocketChannel;

/// Where a server is to listen.
sealed interface Place {

  /// At the first of these addresses that works.
  record Listed(AddressList addresses) implements Place {}

  /// At a channel that is bound already.
  record Given(ServerSocketChannel channel) implements Place {}
}
