package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.auth.ClientMechanism;
import dbus.connection.DBusConnection;
import dbus.connection.transport.UnixSockets;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process whose JDK has no unix sockets, as that of some systems has none.
class MissingSocketsTest {

  @TempDir Path directory;

  @Test
  @DisplayName("ADDR-42 an address of sockets that are not there is passed over, on both sides")
  void passedOver() throws Exception {
    List<String> withoutUnix =
        List.of(
            "env",
            "JDK_JAVA_OPTIONS=--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
                + " -Djava.nio.channels.spi.SelectorProvider="
                + WithoutUnix.class.getName());
    try (ChildJvm child =
        ChildJvm.start(withoutUnix, Meeting.class, "unix:path=" + directory.resolve("s"))) {
      assertEquals("passed over: org.freedesktop.DBus.Error.NotSupported", child.readLine());
      assertEquals("connected by ANONYMOUS", child.readLine());
      assertEquals(0, child.awaitEnd());
    }
  }

  /// Listens and connects at a unix socket, or else by tcp.
  static final class Meeting {

    private Meeting() {}

    public static void main(String[] args) throws Exception {
      try (DBusServer server =
          DBusServer.at(args[0] + ";tcp:host=127.0.0.1")
              .unixSockets(UnixSockets.JDK)
              .allowAnonymous()
              .start()) {
        System.out.println("passed over: " + server.passedOver().getFirst().error().dbusName());
        try (DBusConnection client =
            DBusConnection.to(args[0] + ";" + server.clientAddress())
                .unixSockets(UnixSockets.JDK)
                .mechanisms(ClientMechanism.anonymous())
                .connect()) {
          System.out.println("connected by " + client.mechanism());
        }
      }
    }
  }

  /// What the JDK has otherwise, without unix sockets.
  public static final class WithoutUnix extends SelectorProvider {

    private final SelectorProvider usual;

    /// Made by the JDK.
    public WithoutUnix() throws ReflectiveOperationException {
      usual =
          (SelectorProvider)
              Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
      return usual.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
      return usual.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
      return usual.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
      return usual.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
      return usual.openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
      return usual.openServerSocketChannel(known(family));
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
      return usual.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
      return usual.openSocketChannel(known(family));
    }

    private static ProtocolFamily known(ProtocolFamily family) {
      if (family == StandardProtocolFamily.UNIX) {
        throw new UnsupportedOperationException("Unix Domain Sockets not supported");
      }
      return family;
    }
  }
}
