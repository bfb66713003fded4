package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressList;
import dbus.address.Systemd;
import dbus.address.UnixDir;
import dbus.address.UnixTmpdir;
import dbus.connection.Capture;
import dbus.server.DBusServer;
import dbus.server.DBusServerBuilder;
import dbus.server.ListenException;
import dbus.testkit.interop.BenchService;
import dbus.testkit.interop.BusDriver;
import dbus.testkit.interop.InteropService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dbus serve`: a server to try other implementations against.
@Command(
    name = "serve",
    description =
        "Serves the interop service until it is told to stop (SIGTERM, SIGINT), or, where systemd has"
            + " passed one peer (Accept=yes), until that one has left.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:the command was told to stop, or its only peer has left",
      "1:it cannot listen there, or the capture or the output cannot be written",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "ADDRESS",
      description =
          "Where to listen, such as unix:path=/tmp/socket: at the first address of each list that"
              + " works. By default at a new socket in the runtime directory, or else in /tmp.")
  private List<String> addresses = List.of();

  @Option(
      names = "--hello",
      description =
          "Answer org.freedesktop.DBus.Hello, for tools that know message buses only (gdbus call,"
              + " busctl).")
  private boolean hello;

  @Option(
      names = "--capture",
      paramLabel = "FILE",
      description = "Write all messages to this file, as pcapng, which Wireshark reads.")
  private @Nullable Path captureFile;

  @Mixin private ServeOptions options = new ServeOptions();

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    try (@Nullable Capture capture = capture();
        DBusServer server = open(command, capture)) {
      server.start();
      AtomicBoolean over = stopAtShutdown(server, capture, err);
      hint(server.clientAddress(), err);
      options.cookieProblem(server.clientAddresses()).ifPresent(err::println);
      err.flush();
      // Last, for whoever waits for it: the server is ready, and all has been said.
      server.clientAddresses().forEach(out::println);
      // Where nobody can read them, nobody would come; whoever runs this command says so.
      if (!out.checkError()) {
        server.awaitStop();
      }
      over.set(true);
      return 0;
    } catch (ListenException e) {
      err.println("dbus serve: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      complain(e, err);
      return ServerOptions.FAILED;
    }
  }

  /// A command to call it with, unless its only peer is there already.
  private static void hint(Address address, PrintWriter err) {
    if (!(address instanceof Systemd)) {
      err.printf(
          "dbus-send --peer='%s' --print-reply %s org.freedesktop.DBus.Peer.Ping%n",
          address, InteropService.PATH);
      err.flush();
    }
  }

  private @Nullable Capture capture() throws IOException {
    return captureFile == null ? null : Capture.to(captureFile);
  }

  private DBusServer open(CommandSpec command, @Nullable Capture capture) throws ListenException {
    try {
      DBusServerBuilder builder = places();
      options.applyTo(builder, command.commandLine().getErr());
      InteropService.exportTo(builder);
      BenchService.exportTo(builder);
      if (hello) {
        BusDriver.exportTo(builder);
      }
      if (capture != null) {
        builder.onConnection(capture::add);
      }
      return builder.open();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new Mistake(command, String.valueOf(e.getMessage()), e);
    }
  }

  /// A place for each argument.
  private DBusServerBuilder places() {
    if (addresses.isEmpty()) {
      return DBusServer.at(defaultAddress(System.getenv("XDG_RUNTIME_DIR")));
    }
    DBusServerBuilder builder = DBusServer.at(addresses.getFirst());
    addresses.subList(1, addresses.size()).forEach(builder::alsoAt);
    return builder;
  }

  /// The runtime directory, and what to do where it cannot be used; its specification says to
  /// ignore a relative one.
  private static AddressList defaultAddress(@Nullable String runtimeDirectory) {
    UnixTmpdir shared = UnixTmpdir.of("/tmp");
    return runtimeDirectory == null || !runtimeDirectory.startsWith("/")
        ? AddressList.of(shared)
        : AddressList.of(UnixDir.of(runtimeDirectory), shared);
  }

  /// A signal ends the JVM with a status of its own; this is an orderly end, so it says 0.
  ///
  /// @return to be set when the command ends by itself, with a status of its own
  private static AtomicBoolean stopAtShutdown(
      DBusServer server, @Nullable Capture capture, PrintWriter err) {
    AtomicBoolean over = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!over.get()) {
                    server.close();
                    Runtime.getRuntime().halt(end(capture, err));
                  }
                },
                "dbus-shutdown"));
    return over;
  }

  /// Ends the capture, which may have ended before: peers are served all the same.
  ///
  /// @return the exit status
  private static int end(@Nullable Capture capture, PrintWriter err) {
    if (capture == null) {
      return 0;
    }
    capture.close();
    Optional<IOException> failure = capture.failure();
    failure.ifPresent(e -> complain(e, err));
    return failure.isPresent() ? ServerOptions.FAILED : 0;
  }

  private static void complain(IOException e, PrintWriter err) {
    err.println("dbus serve: cannot write the capture: " + FileProblem.of(e));
    err.flush();
  }
}
