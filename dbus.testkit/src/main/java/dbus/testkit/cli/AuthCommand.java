package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.Command;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.HandshakeTrace;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
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
      "1:the server refused, or nobody answered, or the output cannot be written",
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

  @Override
  public Integer call() {
    PrintWriter out = server.out();
    Connector connector = server.connector();
    long start = System.nanoTime();
    Duration limit = server.connectTime();
    List<ClientMechanism> wanted = server.mechanisms();
    int exit = ServerOptions.MISTAKEN;
    for (Address address : server.addresses()) {
      try (Transport transport = connector.connect(address, left(limit, start))) {
        return report(handshake(address, wanted, out), transport, left(limit, start));
      } catch (AddressException e) {
        var _ = server.complain(String.valueOf(e.getMessage()), exit);
      } catch (IOException e) {
        exit = server.complain(address + ": " + e.getMessage(), ServerOptions.FAILED);
      }
    }
    return exit;
  }

  private static Duration left(Duration limit, long start) {
    Duration left = limit.minusNanos(System.nanoTime() - start);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private ClientHandshake handshake(
      Address address, List<ClientMechanism> wanted, PrintWriter out) {
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(wanted)
            .pipelined(server.pipelined())
            // Nothing is passed before the end, so this only shows whether the server would.
            .unixFds(address.transport().equals("unix") && server.unixFds() > 0);
    address.guid().ifPresent(builder::expectedGuid);
    if (trace) {
      builder.trace(new Printed(out));
    }
    return builder.build();
  }

  private int report(ClientHandshake client, Transport transport, Duration limit)
      throws IOException {
    PrintWriter out = server.out();
    return switch (ClientDialogue.hold(client, transport, limit)) {
      case Authenticated done -> {
        out.printf(
            "authenticated by %s at %s, %s descriptors%n",
            done.mechanism(), done.guid(), done.unixFds() ? "with" : "without");
        out.flush();
        yield 0;
      }
      case Failed failed -> {
        yield server.complain(failed.toString(), ServerOptions.FAILED);
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
