package dbus.connection.transport;

import java.io.IOException;
import java.util.List;

/// A socket that this process was started with: one to accept peers at, or one that has its peer
/// already, as with systemd's `Accept=yes`.
public sealed interface InheritedSocket {

  /// It listens.
  ///
  /// @param socket where peers knock
  record Listening(ListeningSocket socket) implements InheritedSocket {}

  /// It is connected.
  ///
  /// @param peer that is at its other end
  record Connected(Transport peer) implements InheritedSocket {}

  /// Takes over descriptors that this process was started with, as systemd hands them over. They
  /// are close-on-exec then. It takes junixsocket with its native library.
  ///
  /// @param first the number of the first descriptor
  /// @param count how many there are
  /// @return one for each, in their order
  /// @throws IOException if one of them is not a unix or internet stream socket that listens or is
  ///   connected; it tells the number, and what it is. Then nothing is taken over
  static List<InheritedSocket> take(int first, int count) throws IOException {
    return InheritedSockets.take(first, count, InheritedSockets.Wanted.EITHER);
  }
}
