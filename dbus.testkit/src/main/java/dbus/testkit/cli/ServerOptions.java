package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.auth.ClientMechanism;
import dbus.connection.ClientSide;
import dbus.connection.ConnectException;
import dbus.connection.ConnectionLimits;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Connector;
import dbus.connection.transport.UnixSockets;
import dbus.wire.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What the commands that connect to a server have in common: where it is, how to authenticate
/// there, and how to say that something went wrong.
sealed class ServerOptions permits MemberOptions {

  /// The arguments are right, and it did not work.
  static final int FAILED = 1;

  /// The arguments are wrong.
  static final int MISTAKEN = 2;

  private static final double MILLIS = 1000;

  /// A year.
  private static final long LONGEST_SECONDS = 365 * 24 * 60 * 60;

  /// How much is shown of a problem, such as the text of an error, in characters.
  private static final int LONGEST_PROBLEM = 4096;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "ADDRESS",
      description =
          "Where the server listens, such as unix:path=/tmp/socket: unix, tcp or nonce-tcp. Of a"
              + " list, the first where somebody answers.")
  private String address = "";

  @Option(
      names = "--mechanism",
      paramLabel = "NAME",
      description =
          "Try this mechanism; several times for several, in order. EXTERNAL, DBUS_COOKIE_SHA1 or"
              + " ANONYMOUS; by default the first two, EXTERNAL with and without an identity.")
  private List<String> mechanisms = List.of();

  @Option(
      names = {"--allow-other-machines", "--other-machines"},
      description =
          "Let tcp go to another machine than this one, where everybody on the way can read along.")
  private boolean otherMachines;

  @Option(
      names = "--connect-time",
      paramLabel = "SECONDS",
      description =
          "How long connecting may take in all, with the handshake, such as 0.5. By default"
              + " ${DEFAULT-VALUE}.",
      defaultValue = "25")
  private double connectSeconds;

  @Option(
      names = "--pipelined",
      description =
          "Ask for descriptors together with the first mechanism, which saves a round trip.")
  private boolean pipelined;

  @Option(
      names = "--unix-sockets",
      paramLabel = "WHICH",
      description =
          "Which unix sockets to use: junixsocket, which passes file descriptors and knows abstract"
              + " names; jdk; or automatic, the first where its library can be loaded. By default"
              + " automatic.")
  private UnixSockets unixSockets = UnixSockets.AUTOMATIC;

  @Option(
      names = "--max-fds",
      paramLabel = "N",
      description =
          "File descriptors of one message, 0 to 253; with 0 they are not asked for. By default"
              + " 16.")
  private int unixFds = ConnectionLimits.DEFAULT_UNIX_FDS;

  @Option(
      names = "--max-message",
      paramLabel = "BYTES",
      description = "The longest message that is read. By default 134217728.")
  private int messageBytes = ConnectionLimits.DEFAULT_MESSAGE_BYTES;

  /// Where to connect.
  AddressList addresses() {
    try {
      AddressList list = AddressList.parse(address);
      List<AddressException> problems = list.entries().stream().flatMap(ServerOptions::no).toList();
      if (problems.size() == list.entries().size()) {
        throw problems.getLast();
      }
      return list;
    } catch (AddressException e) {
      throw mistake(e.getMessage(), e);
    }
  }

  /// Why an address is none to connect to.
  private static Stream<AddressException> no(Address address) {
    try {
      address.checkConnectable();
      return Stream.empty();
    } catch (AddressException e) {
      return Stream.of(e);
    }
  }

  List<ClientMechanism> mechanisms() {
    if (new HashSet<>(mechanisms).size() < mechanisms.size()) {
      throw mistake("--mechanism: each can be tried once: " + String.join(", ", mechanisms), null);
    }
    return mechanisms.isEmpty()
        ? ClientMechanism.usual()
        : mechanisms.stream().map(this::mechanism).toList();
  }

  private ClientMechanism mechanism(String name) {
    return switch (name) {
      case "EXTERNAL" -> ClientMechanism.external();
      case "DBUS_COOKIE_SHA1" -> ClientMechanism.cookieSha1();
      case "ANONYMOUS" -> ClientMechanism.anonymous();
      default ->
          throw mistake(
              "--mechanism: " + name + ": must be EXTERNAL, DBUS_COOKIE_SHA1 or ANONYMOUS", null);
    };
  }

  /// The way to a server, before the handshake.
  Connector connector() {
    return new Connector(unixSockets, otherMachines);
  }

  Duration connectTime() {
    return seconds("--connect-time", connectSeconds);
  }

  boolean pipelined() {
    return pipelined;
  }

  /// How many file descriptors a message may have.
  int unixFds() {
    return limits().unixFds();
  }

  private ConnectionLimits limits() {
    ConnectionLimits limits =
        checked("--max-fds", () -> ConnectionLimits.DEFAULT.withUnixFds(unixFds));
    return checked("--max-message", () -> limits.withMessageBytes(messageBytes));
  }

  private <T> T checked(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw mistake(option + ": " + e.getMessage(), e);
    }
  }

  /// Connects and authenticates.
  DBusConnection connect() throws ConnectException {
    return connect(connection -> {});
  }

  /// The same.
  ///
  /// @param opening is shown the connection before anything is read
  DBusConnection connect(Consumer<DBusConnection> opening) throws ConnectException {
    ClientSide client =
        DBusConnection.to(addresses().toString())
            .mechanisms(mechanisms().toArray(ClientMechanism[]::new))
            .connectTime(connectTime())
            .unixSockets(unixSockets)
            .limits(limits())
            .onAuthenticated(opening);
    if (otherMachines) {
      client.allowOtherMachines();
    }
    if (pipelined) {
      client.pipelined();
    }
    return client.connect();
  }

  /// A number of seconds, as an option has it.
  Duration seconds(String option, double seconds) {
    // Whatever is longer than a long lasts forever, and is no number of milliseconds.
    if (!(seconds > 0) || seconds > LONGEST_SECONDS) {
      throw mistake(
          "%s: must be more than 0 and at most %s seconds: %s"
              .formatted(option, LONGEST_SECONDS, seconds),
          null);
    }
    return Duration.ofMillis((long) Math.ceil(seconds * MILLIS));
  }

  /// Says why there is no connection, which the exception tells for each address.
  ///
  /// @return the exit status
  int complain(ConnectException e) {
    boolean none =
        Stream.concat(Stream.of(e.getSuppressed()), Stream.ofNullable(e.getCause()))
            .allMatch(AddressException.class::isInstance);
    return complain(String.valueOf(e.getMessage()), none ? MISTAKEN : FAILED);
  }

  /// Says what went wrong; it may quote what the peer has sent.
  ///
  /// @return the exit status
  int complain(String problem, int status) {
    err().println(name() + ": " + Printable.of(problem, LONGEST_PROBLEM));
    return status;
  }

  /// An option or a parameter is not what it must be.
  Mistake mistake(@Nullable String problem, @Nullable Throwable cause) {
    return new Mistake(command(), String.valueOf(problem), cause);
  }

  PrintWriter out() {
    return command().commandLine().getOut();
  }

  PrintWriter err() {
    return command().commandLine().getErr();
  }

  /// Such as `dbus call`.
  private String name() {
    return command().qualifiedName();
  }

  private CommandSpec command() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    return command;
  }
}
