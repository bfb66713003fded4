package dbus.testkit.cli;

import dbus.connection.CloseReason;
import dbus.connection.CloseReason.Kind;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.Direction;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `dbus monitor`: what a peer sends.
@Command(
    name = "monitor",
    description = {
      "Connects to a server and prints every message that it sends here, until it hangs up or this"
          + " command is told to stop (SIGTERM, SIGINT). Of what it says to others, nothing is"
          + " seen: there is no bus between.",
      "A line on stderr tells when the connection is there. Calls of the server are answered: there"
          + " is no such object."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:the server hung up, or the command was told to stop",
      "1:there is no connection, or it broke, or the output cannot be written",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class MonitorCommand implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    try (DBusConnection peer = server.connect(this::print)) {
      AtomicBoolean over = stopAtShutdown(peer);
      server.err().printf("connected by %s to %s%n", peer.mechanism(), peer.serverGuid());
      server.err().flush();
      CloseReason end = peer.closed().toCompletableFuture().get();
      if (over.getAndSet(true)) {
        return 0;
      }
      return switch (end.kind()) {
        // Closed here, since the output cannot be written: whoever runs this command says so.
        case Kind.REMOTE, Kind.LOCAL -> 0;
        default -> server.complain(end.detail(), ServerOptions.FAILED);
      };
    } catch (ConnectException e) {
      return server.complain(e);
    } catch (ExecutionException e) {
      throw new AssertionError("never completed so", e);
    }
  }

  /// Prints on the thread that reads from the peer: what cannot be printed yet need not be read.
  private void print(DBusConnection peer) {
    PrintWriter out = server.out();
    var _ =
        peer.addFilter((message, direction) -> {
          if (direction == Direction.INCOMING) {
            out.println(message.describe());
            if (out.checkError()) {
              peer.close(Duration.ZERO);
            }
          }
          return Optional.of(message);
        });
  }

  /// A signal ends the JVM with a status of its own; this is an orderly end, so it says 0.
  ///
  /// @return set by whoever is first: the signal, or the command when it ends by itself, with a
  ///   status of its own
  private static AtomicBoolean stopAtShutdown(DBusConnection peer) {
    AtomicBoolean over = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!over.getAndSet(true)) {
                    peer.close();
                    Runtime.getRuntime().halt(0);
                  }
                },
                "dbus-shutdown"));
    return over;
  }
}
