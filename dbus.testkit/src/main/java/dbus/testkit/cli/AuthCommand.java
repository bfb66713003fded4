package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.UnixPath;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.Command;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.HandshakeTrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
      description = "Where the server listens, such as unix:path=/tmp/socket.")
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

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    UnixPath server = server(command);
    ClientHandshake.Builder builder =
        ClientHandshake.builder()
            .mechanisms(mechanisms.stream().map(name -> mechanism(command, name)).toList())
            .unixFds(true);
    server.guid().ifPresent(builder::expectedGuid);
    if (trace) {
      builder.trace(new Printed(out));
    }
    HandshakeStatus status;
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(server.path().toPath()))) {
      status = run(builder.build(), channel);
    } catch (IOException e) {
      err.println("dbus auth: " + server + ": " + e.getMessage());
      return 1;
    }
    return switch (status) {
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

  private UnixPath server(CommandSpec command) {
    try {
      for (Address entry : AddressList.parse(String.valueOf(address))) {
        if (entry instanceof UnixPath path) {
          return path;
        }
      }
    } catch (AddressException e) {
      throw new ParameterException(command.commandLine(), "dbus auth: " + e.getMessage(), e);
    }
    throw new ParameterException(
        command.commandLine(), "dbus auth: " + address + ": has no unix:path= in it");
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

  /// A server may fall silent, and a channel that blocks knows no time: it is closed from outside.
  private static HandshakeStatus run(ClientHandshake client, SocketChannel channel)
      throws IOException {
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> close(channel),
            CompletableFuture.delayedExecutor(
                HandshakeLimits.DEFAULT.timeLimit().toMillis(), TimeUnit.MILLISECONDS));
    try {
      ByteBuffer in = ByteBuffer.allocate(4096);
      while (true) {
        ByteBuffer out = client.takeOutput();
        while (out.hasRemaining()) {
          channel.write(out);
        }
        if (!(client.status() instanceof NeedsMore)) {
          return client.status();
        }
        in.clear();
        if (channel.read(in) < 0) {
          return client.abort(FailureReason.END_OF_STREAM, "the server hung up");
        }
        client.receive(in.flip());
      }
    } catch (AsynchronousCloseException e) {
      return client.abort(
          FailureReason.TIMED_OUT, "no end within " + HandshakeLimits.DEFAULT.timeLimit());
    } finally {
      late.cancel(false);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
