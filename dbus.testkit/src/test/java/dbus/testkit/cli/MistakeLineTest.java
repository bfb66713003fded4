package dbus.testkit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What is said of arguments that are wrong, by each command alike.
class MistakeLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String arguments) {
    CommandLine command = DBusCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "foo | dbus: unknown command 'foo' (see dbus --help)",
        "calll | dbus: unknown command 'calll'; did you mean call? (see dbus --help)",
        "help foo | dbus: Unknown subcommand 'foo' (see dbus --help)",
        "--nope | dbus: unknown option '--nope' (see dbus --help)",
        "decode --hexa | dbus decode: unknown option '--hexa'; did you mean --hex? (see dbus decode"
            + " --help)",
        "address a b | dbus address: there is one argument too many: 'b' (see dbus address --help)",
        "address | dbus address: Missing required parameter: 'TEXT' (see dbus address --help)",
        "decode --hex --raw | dbus decode: --hex, --raw are mutually exclusive (specify only one)"
            + " (see dbus decode --help)",
        "call unix:path=/a / A.Ping | dbus call: \"A\": no interface name",
        "call unix:dir=/a / a.b.C | dbus call: unix:dir=/a: a client cannot connect to a \"dir\"",
        "auth unix:dir=/a | dbus auth: unix:dir=/a: a client cannot connect to a \"dir\"",
        "emit unix:path=/a / a.b.C 'a | dbus emit: argument 1: \"'a\": the quote is not closed",
        "serve nonsense | dbus serve: nonsense: no \":\" after the transport",
        "serve --mode 9 | dbus serve: --mode=9: a mode is three octal digits",
      })
  void oneLineTellsWhatAndWhere(String arguments, String told) {
    assertEquals(2, run(arguments));

    assertEquals("", out.toString());
    assertTrue(err.toString().startsWith(told), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "auth",
        "call",
        "call a b",
        "emit",
        "monitor",
        "call unix:path=/a / a.b.C --timeout x",
        "call unix:path=/a / a.b.C --unix-sockets x",
        "call unix:path=/a / a.b.C --max-fds 254",
        "call unix:path=/a / a.b.C --max-message 1",
        "call unix:path=/a / a.b.C --destination x",
        "call unix:path=/a / a.b.C --sender x",
        "monitor unix:path=/a --connect-time 0",
        "monitor unix:path=/a --connect-time infinity",
        "decode --limit x",
        "decode --limit -1",
        "decode a b",
        "serve --max-fds x",
        "serve --max-fds 999",
        "serve --nope",
      })
  void everyMistakeIsOneLineAndStatusTwo(String arguments) {
    assertEquals(2, run(arguments));

    assertEquals("", out.toString());
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().matches("dbus( [a-z]+)?: .+\\R"), err::toString);
  }

  @Test
  void helpOfACommandIsHadEitherWay() {
    assertEquals(0, run("call --help"));
    String help = out.toString();
    out.getBuffer().setLength(0);
    assertEquals(0, run("help call"));
    assertEquals(help, out.toString());
    assertTrue(help.startsWith("Usage: dbus call "), help);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "address", "auth", "call", "decode", "emit", "monitor", "serve"})
  void theHelpOfEachCommandTellsItsStatuses(String command) {
    assertEquals(0, run((command + " --help").strip()));

    assertTrue(out.toString().contains("Exit status:"), out::toString);
    assertTrue(out.toString().contains("2   "), out::toString);
  }
}
