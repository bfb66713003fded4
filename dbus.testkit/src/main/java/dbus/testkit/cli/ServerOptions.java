package dbus.testkit.cli;

import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.auth.ClientMechanism;
import dbus.connection.ClientSide;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.wire.Printable;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What the commands that connect to a server have in common: where it is, how to authenticate
/// there, and how to say that something went wrong.
sealed class ServerOptions permits MemberOptions {

  /// The arguments are right, and it did not work.
  static final int FAILED = 1;

  /// The arguments are wrong.
  static final int MISTAKEN = 2;

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
              + " ANONYMOUS; by default the first two.")
  private List<String> mechanisms = List.of("EXTERNAL", "DBUS_COOKIE_SHA1");

  @Option(
      names = "--other-machines",
      description =
          "Let tcp go to another machine than this one, where everybody on the way can read along.")
  private boolean otherMachines;

  AddressList addresses() {
    try {
      return AddressList.parse(address);
    } catch (AddressException e) {
      throw mistake(e.getMessage(), e);
    }
  }

  List<ClientMechanism> mechanisms() {
    if (new HashSet<>(mechanisms).size() < mechanisms.size()) {
      throw mistake("--mechanism: each can be tried once: " + String.join(", ", mechanisms), null);
    }
    return mechanisms.stream().map(this::mechanism).toList();
  }

  private ClientMechanism mechanism(String name) {
    return switch (name) {
      case "EXTERNAL" -> ClientMechanism.external();
      case "DBUS_COOKIE_SHA1" -> ClientMechanism.cookieSha1();
      case "ANONYMOUS" -> ClientMechanism.anonymous();
      default -> throw mistake(name + ": must be EXTERNAL, DBUS_COOKIE_SHA1 or ANONYMOUS", null);
    };
  }

  boolean otherMachines() {
    return otherMachines;
  }

  /// Connects and authenticates.
  DBusConnection connect() throws ConnectException {
    ClientSide client =
        DBusConnection.to(addresses().toString())
            .mechanisms(mechanisms().toArray(ClientMechanism[]::new));
    return (otherMachines ? client.allowOtherMachines() : client).connect();
  }

  /// Says for each address why there is no connection.
  ///
  /// @return the exit status
  int complain(ConnectException e) {
    for (Throwable earlier : e.getSuppressed()) {
      var _ = complain(String.valueOf(earlier.getMessage()), FAILED);
    }
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
  ParameterException mistake(@Nullable String problem, @Nullable Throwable cause) {
    return new ParameterException(command().commandLine(), name() + ": " + problem, cause);
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
