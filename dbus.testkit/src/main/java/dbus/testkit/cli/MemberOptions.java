package dbus.testkit.cli;

import dbus.wire.BusName;
import dbus.wire.InvalidSignatureException;
import dbus.wire.Signature;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the commands have in common that name a method or a signal of an object: beside the server,
/// which one it is, and with which arguments.
final class MemberOptions extends ServerOptions {

  @Parameters(index = "1", paramLabel = "PATH", description = "The object, such as /com/example.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "INTERFACE.MEMBER",
      description = "Its method or signal, such as com.example.Door1.Open.")
  private String member = "";

  @Parameters(index = "3..*", paramLabel = "ARGUMENT", description = "What it takes or tells.")
  private List<String> arguments = List.of();

  @Option(
      names = "--signature",
      paramLabel = "TYPES",
      description =
          "The types of the arguments, such as sa{sv}; the object is not asked for them then.")
  private @Nullable String signature;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description =
          "The bus name that the message is for, such as :1.5 or com.example.Door. Between two"
              + " programs it needs none.")
  private @Nullable String destination;

  @Option(
      names = "--sender",
      paramLabel = "NAME",
      description = "The bus name that the message is said to be from. By default none.")
  private @Nullable String sender;

  ObjectMember member() {
    try {
      return ObjectMember.parse(path, member);
    } catch (IllegalArgumentException e) {
      throw mistake(e.getMessage(), e);
    }
  }

  /// The types of the arguments, if they are given.
  Optional<Signature> types() {
    if (signature == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Signature.parse(signature));
    } catch (InvalidSignatureException e) {
      throw mistake("--signature: " + e.getMessage(), e);
    }
  }

  Optional<BusName> destination() {
    return busName("--destination", destination);
  }

  Optional<BusName> sender() {
    return busName("--sender", sender);
  }

  private Optional<BusName> busName(String option, @Nullable String name) {
    try {
      return Optional.ofNullable(name).map(BusName::new);
    } catch (IllegalArgumentException e) {
      throw mistake(option + ": " + e.getMessage(), e);
    }
  }

  List<String> arguments() {
    return arguments;
  }
}
