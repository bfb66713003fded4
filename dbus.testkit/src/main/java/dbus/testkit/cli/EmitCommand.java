package dbus.testkit.cli;

import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import dbus.wire.Signal;
import dbus.wire.Signature;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "The object at which it happened, such as /com/example.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "INTERFACE.SIGNAL",
      description = "Such as com.example.Door1.Opened.")
  private String signal = "";

  @Parameters(index = "3..*", paramLabel = "ARGUMENT", description = "What the signal tells.")
  private List<String> arguments = List.of();

  @Option(
      names = "--signature",
      paramLabel = "TYPES",
      description = "The types of the arguments, such as sa{sv}.")
  private @Nullable String signature;

  @Override
  public Integer call() {
    Signal message;
    try {
      ObjectMember source = ObjectMember.parse(path, signal);
      message =
          Signal.of(source.path(), source.interfaceName(), source.member()).withBody(arguments());
    } catch (IllegalArgumentException e) {
      throw server.mistake(e.getMessage(), e);
    }
    try (DBusConnection peer = server.connect()) {
      peer.send(message);
      return 0;
    } catch (ConnectException e) {
      return server.complain(e);
    } catch (IOException e) {
      return server.complain(String.valueOf(e.getMessage()), ServerOptions.FAILED);
    } catch (IllegalArgumentException e) {
      // Such as a file descriptor, which a command line has not.
      return server.complain(String.valueOf(e.getMessage()), ServerOptions.MISTAKEN);
    }
  }

  private Body arguments() {
    return signature == null
        ? ArgumentTexts.parse(arguments)
        : ArgumentTexts.parse(Signature.parse(signature), arguments);
  }
}
