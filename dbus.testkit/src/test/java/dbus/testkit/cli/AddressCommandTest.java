package dbus.testkit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What `dbus address` prints.
class AddressCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String text) {
    CommandLine command = DBusCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute("address", text);
  }

  @Test
  void explainsEachAddressOfAList() {
    int status = run("unix:dir=/tmp/%c3%b6;tcp:port=1,host=localhost,x=y");
    assertEquals("", err.toString());
    assertEquals(0, status);
    assertEquals(
        """
        unix:dir=/tmp/%c3%b6
          transport   unix
          dir         /tmp/ö
          listen      yes
          connect     no: a client cannot connect to a "dir"; use the address that\
         the server gives to clients

        tcp:host=localhost,port=1,x=y
          transport   tcp
          host        localhost
          port        1
          x           y
          listen      no: key "x" is unknown to "tcp"; correct it or leave it out
          connect     yes

        """,
        out.toString());
  }

  @Test
  void pointsAtTheMistake() {
    int status = run("unix:path=/a,abstract=b");
    assertEquals("", out.toString());
    assertEquals(2, status);
    assertEquals(
        """
        unix:path=/a,abstract=b
                     ^
        keys "path" and "abstract" exclude each other (at 13); give exactly one of path,\
         abstract, dir, tmpdir, runtime (org.freedesktop.DBus.Error.BadAddress)
        """,
        err.toString());
  }

  @Test
  void aMistakeBehindAControlCharacterIsStillPointedAt() {
    run("unix:path=a\tb");
    assertEquals(
        "unix:path=a\uFFFDb\n           ^",
        err.toString().lines().limit(2).reduce((a, b) -> a + "\n" + b).get());
  }
}
