package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.Command;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.HandshakeTrace;
import dbus.connection.ClientSide;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSockets;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `dbus auth`: the handshake with a server, and nothing after it.
@picocli.CommandLine.Command(
    name = "auth",
    description =
        "Authenticates at a server as a client, and hangs up. Says by which mechanism, or why not.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:authenticated",
      "1:the server refused, or nobody answered",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class AuthCommand implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--trace",
      description =
          "Show each line with the client's state: > what is sent and the state from then on,"
              + " < what has come and the state that it meets. Payloads are not shown.")
  private boolean trace;

  @Option(
      names = "--pipelined",
      description =
          "Ask for descriptors together with the first mechanism, which saves a round trip.")
  private boolean pipelined;

  @Override
  public Integer call() {
    PrintWriter out = server.out();
    PrintWriter err = server.err();
    Connector connector = new Connector(UnixSockets.AUTOMATIC, server.otherMachines());
    List<ClientMechanism> wanted = server.mechanisms();
    int exit = ServerOptions.MISTAKEN;
    for (Address address : server.addresses()) {
      try (Transport transport = connector.connect(address, ClientSide.DEFAULT_CONNECT_TIME)) {
        return report(handshake(address, wanted, out), transport, out, err);
      } catch (AddressException e) {
        err.println("dbus auth: " + e.getMessage());
      } catch (IOException e) {
        err.println("dbus auth: " + address + ": " + e.getMessage());
        exit = ServerOptions.FAILED;
      }
    }
    return exit;
  }

  private ClientHandshake handshake(
      Address address, List<ClientMechanism> wanted, PrintWriter out) {
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(wanted)
            .pipelined(pipelined)
            // Nothing is passed before the end, so this only shows whether the server would.
            .unixFds(address.transport().equals("unix"));
    address.guid().ifPresent(builder::expectedGuid);
    if (trace) {
      builder.trace(new Printed(out));
    }
    return builder.build();
  }

  private static int report(
      ClientHandshake client, Transport transport, PrintWriter out, PrintWriter err)
      throws IOException {
    return switch (ClientDialogue.hold(client, transport, HandshakeLimits.DEFAULT_TIME_LIMIT)) {
      case Authenticated done -> {
        out.printf(
            "authenticated by %s at %s, %s descriptors%n",
            done.mechanism(), done.guid(), done.unixFds() ? "with" : "without");
        out.flush();
        yield 0;
      }
      case Failed failed -> {
        err.println("dbus auth: " + failed);
        yield 1;
      }
      case NeedsMore _ -> throw new AssertionError("unfinished");
    };
  }

  /// A handshake on paper.
  private record Printed(PrintWriter out) implements HandshakeTrace {
    @Override
    public void received(Command command, String state) {
      print('<', command, state);
    }

    @Override
    public void sent(Command command, String state) {
      print('>', command, state);
    }

    private void print(char direction, Command command, String state) {
      out.printf("%c %-22s %s%n", direction, state, command);
      out.flush();
    }
  }
}
