package dbus.testkit.cli;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dbus address`: what an address says, or where it is wrong.
@Command(
    name = "address",
    description = "Explains a D-Bus address, or a list of them.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:it is one",
      "1:the output cannot be written",
      "2:it is none, or the arguments are wrong"
    },
    mixinStandardHelpOptions = true)
final class AddressCommand implements Callable<Integer> {

  /// A mistake beyond it is shown without its surroundings: no terminal is that wide.
  private static final int WIDEST = 400;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TEXT", description = "Such as unix:path=/run/example,guid=…")
  private String text = "";

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    try {
      AddressList list = AddressList.parse(text);
      list.forEach(address -> explain(address, command.commandLine().getOut()));
      return 0;
    } catch (AddressException e) {
      pointAt(e, command.commandLine().getErr());
      return 2;
    }
  }

  private static void explain(Address address, PrintWriter out) {
    out.println(address);
    line(out, "transport", address.transport());
    address.keys().forEach((key, value) -> line(out, key, value.text().orElse(value.toString())));
    line(out, "listen", answer(address::checkListenable));
    line(out, "connect", answer(address::checkConnectable));
    address.warnings().forEach(warning -> line(out, "warning", warning.message()));
    out.println();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-11s %s%n", name, AddressException.printable(value));
  }

  private static String answer(Runnable check) {
    try {
      check.run();
      return "yes";
    } catch (AddressException e) {
      return "no: " + e.problem() + "; " + e.remedy();
    }
  }

  private static void pointAt(AddressException e, PrintWriter err) {
    if (e.text().length() <= WIDEST) {
      err.println(AddressException.printable(e.text()));
      err.println(" ".repeat(e.position()) + "^");
    }
    err.printf(
        "%s (at %s); %s (%s)%n", e.problem(), e.position(), e.remedy(), e.error().dbusName());
  }
}
