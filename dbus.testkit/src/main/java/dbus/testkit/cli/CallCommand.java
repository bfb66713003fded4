package dbus.testkit.cli;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.testkit.cli.DescribedMethod.NotDescribedException;
import dbus.wire.Body;
import dbus.wire.InvalidSignatureException;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.Signature;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dbus call`: one method of a peer.
@Command(
    name = "call",
    description = {
      "Calls a method of an object of a server, and prints what it returns.",
      "Arguments and results are in the GVariant text notation, as \"gdbus call\" has them, such as"
          + " 5, \"'text'\", \"[1, 2]\" or \"{'key': <true>}\". The object is asked for the types"
          + " of the arguments, unless they are given. An argument that is a string, a path or a"
          + " signature needs no quotes. After -- an argument may begin with a hyphen."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:the method returned, or was called without waiting for that",
      "1:it replied with an error, or not in time, or there is no connection",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {

  private static final double MILLIS = 1000;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "1", paramLabel = "PATH", description = "The object, such as /com/example.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "INTERFACE.METHOD",
      description = "Such as org.freedesktop.DBus.Peer.Ping.")
  private String method = "";

  @Parameters(index = "3..*", paramLabel = "ARGUMENT", description = "What the method takes.")
  private List<String> arguments = List.of();

  @Option(
      names = "--signature",
      paramLabel = "TYPES",
      description = "The types of the arguments, such as sa{sv}. The object is not asked then.")
  private @Nullable String signature;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait for the reply, such as 0.5. By default ${DEFAULT-VALUE}.",
      defaultValue = "25")
  private double timeout;

  @Option(
      names = "--no-reply",
      description = "Tell the object that no reply is wanted, and wait for none.")
  private boolean noReply;

  @Override
  public Integer call() throws InterruptedException {
    ObjectMember target = target();
    Optional<Signature> types = Optional.ofNullable(signature).map(this::types);
    Duration limit = limit();
    try (DBusConnection peer = server.connect()) {
      MethodCall call =
          MethodCall.of(target.path(), target.interfaceName(), target.member())
              .withBody(ArgumentTexts.parse(typesAt(peer, target, types, limit), arguments));
      if (noReply) {
        peer.send(call.withFlags(MessageFlag.NO_REPLY_EXPECTED));
        return 0;
      }
      Body reply = peer.call(call, limit).body();
      try (var _ = reply.unixFds()) {
        server.out().println(ArgumentTexts.print(reply));
        server.out().flush();
      }
      return 0;
    } catch (ConnectException e) {
      return server.complain(e);
    } catch (DBusErrorException e) {
      return server.complain(told(e), ServerOptions.FAILED);
    } catch (NotDescribedException | IOException e) {
      return server.complain(String.valueOf(e.getMessage()), ServerOptions.FAILED);
    } catch (IllegalArgumentException e) {
      // No value of its type, or one that cannot be sent, such as a file descriptor.
      return server.complain(String.valueOf(e.getMessage()), ServerOptions.MISTAKEN);
    }
  }

  /// Without arguments there is nothing to ask: if the method wants some, it says so itself.
  private Signature typesAt(
      DBusConnection peer, ObjectMember target, Optional<Signature> given, Duration limit)
      throws NotDescribedException, IOException, InterruptedException {
    if (given.isPresent()) {
      return given.get();
    }
    return arguments.isEmpty()
        ? Signature.EMPTY
        : DescribedMethod.argumentTypes(peer, target, limit);
  }

  private static String told(DBusErrorException e) {
    String name = e.errorName().value();
    String text = String.valueOf(e.getMessage());
    return text.equals(name) ? name : name + ": " + text;
  }

  private ObjectMember target() {
    try {
      return ObjectMember.parse(path, method);
    } catch (IllegalArgumentException e) {
      throw server.mistake(e.getMessage(), e);
    }
  }

  private Signature types(String text) {
    try {
      return Signature.parse(text);
    } catch (InvalidSignatureException e) {
      throw server.mistake("--signature: " + e.getMessage(), e);
    }
  }

  private Duration limit() {
    if (!(timeout > 0)) {
      throw server.mistake("--timeout: must be more than 0 seconds: " + timeout, null);
    }
    return Duration.ofMillis((long) Math.ceil(timeout * MILLIS));
  }
}
