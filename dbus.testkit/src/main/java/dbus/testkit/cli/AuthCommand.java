package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dbus auth`: the handshake with a server, and nothing after it.
@picocli.CommandLine.Command(
    name = "auth",
    description =
        "Authenticates at a server as a client, and hangs up. Says by which mechanism, or why not.",
    mixinStandardHelpOptions = true)
final class AuthCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "ADDRESS",
      description =
          "Where the server listens, such as unix:path=/tmp/socket: unix, tcp or nonce-tcp. Of a"
              + " list, the first where somebody answers.")
  private @Nullable String address;

  @Option(
      names = "--trace",
      description =
          "Show each line with the client's state: > what is sent and the state from then on,"
              + " < what has come and the state that it meets. Payloads are not shown.")
  private boolean trace;

  @Option(
      names = "--mechanism",
      paramLabel = "NAME",
      description =
          "Try this mechanism; several times for several, in order. EXTERNAL, DBUS_COOKIE_SHA1 or"
              + " ANONYMOUS; by default the first two.")
  private List<String> mechanisms = List.of("EXTERNAL", "DBUS_COOKIE_SHA1");

  @Option(
      names = "--pipelined",
      description =
          "Ask for descriptors together with the first mechanism, which saves a round trip.")
  private boolean pipelined;

  @Option(
      names = "--other-machines",
      description =
          "Let tcp go to another machine than this one, where everybody on the way can read along.")
  private boolean otherMachines;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Connector connector = new Connector(UnixSockets.AUTOMATIC, otherMachines);
    List<ClientMechanism> wanted =
        mechanisms.stream().map(name -> mechanism(command, name)).toList();
    int exit = 2;
    for (Address server : addresses(command)) {
      try (Transport transport = connector.connect(server, ClientSide.DEFAULT_CONNECT_TIME)) {
        return report(handshake(server, wanted, out), transport, out, err);
      } catch (AddressException e) {
        err.println("dbus auth: " + e.getMessage());
      } catch (IOException e) {
        err.println("dbus auth: " + server + ": " + e.getMessage());
        exit = 1;
      }
    }
    return exit;
  }

  private ClientHandshake handshake(Address server, List<ClientMechanism> wanted, PrintWriter out) {
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(wanted)
            .pipelined(pipelined)
            // Nothing is passed before the end, so this only shows whether the server would.
            .unixFds(server.transport().equals("unix"));
    server.guid().ifPresent(builder::expectedGuid);
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

  private AddressList addresses(CommandSpec command) {
    try {
      return AddressList.parse(String.valueOf(address));
    } catch (AddressException e) {
      throw new ParameterException(command.commandLine(), "dbus auth: " + e.getMessage(), e);
    }
  }

  private static ClientMechanism mechanism(CommandSpec command, String name) {
    return switch (name) {
      case "EXTERNAL" -> ClientMechanism.external();
      case "DBUS_COOKIE_SHA1" -> ClientMechanism.cookieSha1();
      case "ANONYMOUS" -> ClientMechanism.anonymous();
      default ->
          throw new ParameterException(
              command.commandLine(),
              "dbus auth: " + name + ": must be EXTERNAL, DBUS_COOKIE_SHA1 or ANONYMOUS");
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
