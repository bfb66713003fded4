package dbus.connection.transport;

import dbus.auth.Credentials;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// How bytes travel between this process and one peer.
///
/// A transport pushes: once started, it hands what arrives to a [Receiver]. How it waits (a blocked
/// thread, an event loop) is its own matter, and nothing above it can tell.
public interface Transport extends AutoCloseable {

  /// Begins to push what arrives. Returns at once.
  ///
  /// @throws IllegalStateException if called twice
  /// @throws OutOfMemoryError if no thread can be started
  void start(Receiver receiver);

  /// Begins to push what arrives, on a thread of the caller's. A transport that needs no thread for
  /// itself, or has its own, leaves that alone.
  ///
  /// @param first runs what it is given, which takes until the end, or until that thread is
  ///   relieved of reading. If that is to be the calling thread, then after this has returned
  /// @throws IllegalStateException if called twice
  default void start(Receiver receiver, Executor first) {
    start(receiver);
  }

  /// Relieves the thread that is in a call of the [Receiver] at this time. Returns at once; another
  /// thread calls [Receiver#resumed] and then goes on pushing what arrives. The relieved one leaves
  /// when its call returns. If the last call has returned false, nobody reads; then another thread
  /// begins in the same way.
  ///
  /// @throws OutOfMemoryError if no thread can be started
  void readElsewhere();

  /// Writes as many bytes as the peer's side takes without waiting, perhaps none. Any thread may
  /// call this, a virtual one included, and an interrupt of it changes nothing. Calls of this and
  /// of [#write] do not overlap: whoever sends sees to that.
  ///
  /// By default it writes nothing, for a transport that can only wait: then all is written by
  /// [#write], on another thread than the one that sends.
  ///
  /// @param bytes in a direct buffer, or in an array that can be accessed; its position tells how
  ///   many were written
  /// @param unixFds file descriptors that travel with the first byte, [#maxUnixFds()] at most; they
  ///   still belong to the caller, and may be closed on return if one byte was written
  /// @throws UnixFdsRefusedException if the descriptors cannot travel; nothing is written then
  /// @throws IOException if the peer is gone or this transport is closed
  default void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {}

  /// Writes bytes to the peer, all of them, and waits as long as that takes. It is called on a
  /// platform thread of the library's, which nobody else needs meanwhile.
  ///
  /// @param bytes as for [#offer]
  /// @param unixFds as for [#offer]; may be closed on return
  /// @throws UnixFdsRefusedException if the descriptors cannot travel; nothing is written then
  /// @throws IOException if the peer is gone or this transport is closed
  void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException;

  /// Who the operating system says the peer is; [Credentials#UNKNOWN] if it does not say. Read
  /// once, when the connection was made.
  Credentials credentials();

  /// Where the peer's end of the socket is, in classes of the JDK: an
  /// [InetSocketAddress][java.net.InetSocketAddress] over tcp; a
  /// [UnixDomainSocketAddress][java.net.UnixDomainSocketAddress] if it is a unix socket that is
  /// bound to a path, as a server's is, and hardly ever a client's; else empty. Read once, when the
  /// connection was made, and the same when it is closed. It proves nothing of who the peer is.
  default Optional<SocketAddress> remoteAddress() {
    return Optional.empty();
  }

  /// How many file descriptors can travel with one message, in either direction; 0 if none can.
  int maxUnixFds();

  /// What is known of how the peer ended, such as the exit status of a program that was started for
  /// this connection; empty where nothing is known, or the peer has not ended.
  default Optional<String> peerEnd() {
    return Optional.empty();
  }

  /// Ends both directions, and every wait of this transport with them. Callable from any thread,
  /// any number of times.
  @Override
  void close();
}
