package dbus.testkit.cli;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import dbus.wire.Signal;
import dbus.wire.Signature;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `dbus emit`: one signal to a peer.
@Command(
    name = "emit",
    description = {
      "Emits a signal to a server.",
      "Arguments are in the GVariant text notation, as \"gdbus emit\" has them, such as 5, \"uint32"
          + " 5\", \"'text'\" or \"@as []\". Their types are told by the arguments themselves,"
          + " unless they are given; then one that is a string, a path or a signature needs no"
          + " quotes. After -- an argument may begin with a hyphen."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:the signal is sent",
      "1:there is no connection, or it broke",
      "2:the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class EmitCommand implements Callable<Integer> {

  @Mixin private MemberOptions options = new MemberOptions();

  @Override
  public Integer call() {
    ObjectMember source = options.member();
    Signal message =
        Signal.of(source.path(), source.interfaceName(), source.member()).withBody(arguments());
    message = options.destination().map(message::withDestination).orElse(message);
    message = options.sender().map(message::withSender).orElse(message);
    try (DBusConnection peer = options.connect()) {
      peer.send(message);
      return 0;
    } catch (ConnectException e) {
      return options.complain(e);
    } catch (IOException e) {
      return options.complain(String.valueOf(e.getMessage()), ServerOptions.FAILED);
    } catch (IllegalArgumentException e) {
      // Such as a file descriptor, which a command line has not.
      return options.complain(String.valueOf(e.getMessage()), ServerOptions.MISTAKEN);
    }
  }

  private Body arguments() {
    Optional<Signature> types = options.types();
    try {
      return types.isPresent()
          ? ArgumentTexts.parse(types.get(), options.arguments())
          : ArgumentTexts.parse(options.arguments());
    } catch (IllegalArgumentException e) {
      throw options.mistake(e.getMessage(), e);
    }
  }
}
