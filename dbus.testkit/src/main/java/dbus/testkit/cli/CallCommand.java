package dbus.testkit.cli;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.testkit.cli.DescribedMethod.NotDescribedException;
import dbus.wire.Body;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.Signature;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "1:it replied with an error, or not in time, or there is no connection, or the output cannot"
          + " be written",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {

  @Mixin private MemberOptions options = new MemberOptions();

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

  @Option(
      names = "--no-auto-start",
      description = "Tell a bus not to start a service for this call.")
  private boolean noAutoStart;

  @Option(
      names = "--interactive-authorization",
      description = "Tell the object that the user may be asked for permission meanwhile.")
  private boolean interactiveAuthorization;

  @Override
  public Integer call() throws InterruptedException {
    ObjectMember target = options.member();
    Optional<Signature> types = options.types();
    Duration limit = options.seconds("--timeout", timeout);
    MethodCall bare = bareCall(target);
    try (DBusConnection peer = options.connect()) {
      MethodCall call =
          bare.withBody(
              ArgumentTexts.parse(typesAt(peer, target, types, limit), options.arguments()));
      if (noReply) {
        peer.send(call);
        return 0;
      }
      Body reply = peer.call(call, limit).body();
      try (var _ = reply.unixFds()) {
        options.out().println(ArgumentTexts.print(reply));
        options.out().flush();
      }
      return 0;
    } catch (ConnectException e) {
      return options.complain(e);
    } catch (DBusErrorException e) {
      return options.complain(e.getMessage(), ServerOptions.FAILED);
    } catch (NotDescribedException | IOException e) {
      return options.complain(String.valueOf(e.getMessage()), ServerOptions.FAILED);
    } catch (IllegalArgumentException e) {
      // No value of its type, or one that cannot be sent, such as a file descriptor.
      return options.complain(String.valueOf(e.getMessage()), ServerOptions.MISTAKEN);
    }
  }

  /// The call without its arguments.
  private MethodCall bareCall(ObjectMember target) {
    Set<MessageFlag> flags = EnumSet.noneOf(MessageFlag.class);
    if (noReply) {
      flags.add(MessageFlag.NO_REPLY_EXPECTED);
    }
    if (noAutoStart) {
      flags.add(MessageFlag.NO_AUTO_START);
    }
    if (interactiveAuthorization) {
      flags.add(MessageFlag.ALLOW_INTERACTIVE_AUTHORIZATION);
    }
    MethodCall call =
        MethodCall.of(target.path(), target.interfaceName(), target.member())
            .withFlags(flags.toArray(MessageFlag[]::new));
    call = options.destination().map(call::withDestination).orElse(call);
    return options.sender().map(call::withSender).orElse(call);
  }

  /// Without arguments there is nothing to ask: if the method wants some, it says so itself.
  private Signature typesAt(
      DBusConnection peer, ObjectMember target, Optional<Signature> given, Duration limit)
      throws NotDescribedException, IOException, InterruptedException {
    if (given.isPresent()) {
      return given.get();
    }
    return options.arguments().isEmpty()
        ? Signature.EMPTY
        : DescribedMethod.argumentTypes(peer, target, limit);
  }
}
