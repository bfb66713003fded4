package dbus.connection;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import dbus.wire.UnixFds;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// A server that authenticates, at the other end of a transport in memory. Where it is told to, it
/// does as GDBus and hangs up at a line that comes before its time.
class ServerInMemory implements Transport {

  static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  private final ServerHandshake handshake =
      ServerHandshake.builder(GUID)
          .socket(Credentials.ofThisProcess())
          .mechanisms(List.of(ServerMechanism.external()))
          .policy(AuthPolicy.anyUser())
          .unixFds(true)
          .build();

  private final boolean hangsUp;
  private final Queue<ByteBuffer> answers = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
  private boolean over;

  ServerInMemory(boolean hangsUp) {
    this.hangsUp = hangsUp;
  }

  /// What the client wrote, each time that it wrote.
  List<String> heard() {
    return heard;
  }

  @Override
  public void start(Receiver receiver) {
    while (!answers.isEmpty()) {
      receiver.received(answers.remove(), List.of());
    }
    if (over) {
      receiver.ended(Optional.empty());
    }
  }

  @Override
  public void readElsewhere() {
    throw new AssertionError("no handler runs here");
  }

  @Override
  public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
    String text = StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    heard.add(text);
    if (hangsUp && text.contains("AUTH") && text.contains("NEGOTIATE_UNIX_FD")) {
      over = true;
    } else if (handshake.status() instanceof NeedsMore) {
      handshake.receive(bytes);
      answers.add(handshake.takeOutput());
    }
  }

  @Override
  public Credentials credentials() {
    return Credentials.ofThisProcess();
  }

  @Override
  public int maxUnixFds() {
    return UnixFds.MAX;
  }

  @Override
  public void close() {
    over = true;
  }
}
