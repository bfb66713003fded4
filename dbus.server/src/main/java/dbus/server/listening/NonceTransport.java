package dbus.server.listening;

import dbus.auth.Credentials;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// A peer that must show a nonce before it is heard. One that shows another is closed without a
/// word, once it has shown as many bytes as there are in it; how many of them were right cannot be
/// told from the time that takes. One that shows none is ended with its handshake, by the same
/// deadline.
///
/// Nobody waits for the nonce: it is taken out of what the transport pushes.
///
/// D-Bus Specification, "Nonce-authenticated TCP Sockets".
public final class NonceTransport implements Transport {

  private enum State {
    AWAITED,
    SHOWN,
    WRONG
  }

  private final Transport peer;
  private final byte[] nonce;

  /// Changed by the thread that reads.
  private volatile State state = State.AWAITED;

  NonceTransport(Transport peer, byte[] nonce) {
    this.peer = peer;
    this.nonce = nonce;
  }

  /// Whether the peer has shown a wrong nonce; it is closed then.
  public boolean isWrong() {
    return state == State.WRONG;
  }

  @Override
  public void start(Receiver receiver) {
    peer.start(new Gate(receiver));
  }

  @Override
  public void start(Receiver receiver, Executor first) {
    peer.start(new Gate(receiver), first);
  }

  /// Keeps from the receiver what is the nonce's, and all of it if that is wrong.
  private final class Gate implements Receiver {

    private final Receiver receiver;
    private final ByteBuffer shown = ByteBuffer.allocate(nonce.length);

    Gate(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public boolean received(ByteBuffer bytes, List<FileDescriptor> unixFds) {
      if (state == State.AWAITED) {
        take(bytes);
      }
      if (state == State.SHOWN && bytes.hasRemaining()) {
        return receiver.received(bytes, unixFds);
      }
      bytes.position(bytes.limit());
      return true;
    }

    private void take(ByteBuffer bytes) {
      while (shown.hasRemaining() && bytes.hasRemaining()) {
        shown.put(bytes.get());
      }
      if (shown.hasRemaining()) {
        return;
      }
      if (MessageDigest.isEqual(shown.array(), nonce)) {
        state = State.SHOWN;
      } else {
        state = State.WRONG;
        peer.close();
      }
    }

    @Override
    public void paused() {
      receiver.paused();
    }

    @Override
    public boolean resumed() {
      return receiver.resumed();
    }

    @Override
    public void ended(Optional<IOException> failure) {
      // How reading from a closed peer ends is no failure of the peer's.
      receiver.ended(state == State.WRONG ? Optional.empty() : failure);
    }
  }

  @Override
  public Optional<String> peerEnd() {
    return switch (state) {
      case AWAITED -> Optional.of("it has not shown the nonce");
      case WRONG -> Optional.of("it has shown a wrong nonce");
      case SHOWN -> peer.peerEnd();
    };
  }

  @Override
  public void readElsewhere() {
    peer.readElsewhere();
  }

  @Override
  public void offer(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    peer.offer(bytes, unixFds);
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    peer.write(bytes, unixFds);
  }

  @Override
  public Credentials credentials() {
    return peer.credentials();
  }

  @Override
  public Optional<SocketAddress> remoteAddress() {
    return peer.remoteAddress();
  }

  @Override
  public int maxUnixFds() {
    return peer.maxUnixFds();
  }

  @Override
  public void close() {
    peer.close();
  }
}
