package dbus.testkit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.Capture;
import dbus.connection.DBusConnection;
import dbus.server.DBusServer;
import dbus.testkit.interop.InteropService;
import dbus.wire.Body;
import dbus.wire.Codec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What `dbus decode` prints of what `dbus serve --capture` writes.
class CaptureDecodingTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int decode(byte[] file) throws Exception {
    Path capture = Files.write(directory.resolve("input"), file);
    CommandLine command = DBusCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute("decode", capture.toString());
  }

  /// Two calls and their replies, of which the first is the longest.
  private byte[] captured(int mostBytes) throws Exception {
    Path file = directory.resolve("capture");
    try (Capture capture = Capture.to(file, mostBytes)) {
      var builder = DBusServer.at("unix:dir=" + directory).onConnection(capture::add);
      InteropService.exportTo(builder);
      try (DBusServer server = builder.start();
          DBusConnection peer = DBusConnection.connect(server.clientAddress().toString())) {
        var _ =
            peer.call(
                InteropService.PATH.toString(),
                "org.freedesktop.DBus.Properties",
                "GetAll",
                Body.of(Codec.STRING, "org.freedesktop.DBus.Peer"));
        var _ = peer.call("/a", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
      }
    }
    return Files.readAllBytes(file);
  }

  private List<String> headings() {
    return out.toString().lines().filter(line -> line.startsWith("message ")).toList();
  }

  @Test
  void eachMessageHasItsDirectionItsConnectionAndItsTime() throws Exception {
    assertEquals(0, decode(captured(1 << 18)), err::toString);

    List<String> headings = headings();
    assertEquals(4, headings.size(), out::toString);
    String rest =
        " on \\S+ at \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z, at byte \\d+ of the input, \\d+ bytes";
    assertTrue(headings.get(0).matches("message 1, received" + rest), headings::toString);
    assertTrue(headings.get(1).matches("message 2, sent" + rest), headings::toString);
    assertTrue(out.toString().contains("'Ping'"), out::toString);
  }

  @Test
  void aMessageThatTheCaptureHasCutIsToldAndTheOthersArePrinted() throws Exception {
    assertEquals(1, decode(captured(130)), err::toString);

    assertTrue(err.toString().contains("the capture has 130 of its "), err::toString);
    assertEquals(
        3, out.toString().lines().filter(l -> l.startsWith("message ")).count(), out::toString);
  }

  @Test
  void anInvalidMessageDoesNotEndTheOutput() throws Exception {
    byte[] file = captured(1 << 18);
    // The version of the first message: behind the headers of the section and of the interface.
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int packet = bytes.getInt(4);
    packet += bytes.getInt(packet + 4);
    file[packet + 28 + 3] = 9;

    assertEquals(1, decode(file));

    assertTrue(err.toString().startsWith("dbus decode: message 1, received on "), err::toString);
    assertEquals(3, headings().size(), out::toString);
  }

  @ParameterizedTest
  @CsvSource({"4, the file ends within a block", "0, there is no message"})
  void aFileThatIsCutIsReadAsFarAsItGoes(int behindSection, String problem) throws Exception {
    byte[] file = captured(1 << 18);
    int section = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4);

    assertTrue(decode(Arrays.copyOf(file, section + behindSection)) > 0);

    assertTrue(err.toString().contains(problem), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
  }

  @Test
  void noBytesOfACaptureAreAnException() throws Exception {
    byte[] file = captured(1 << 18);
    for (int i = 4; i < file.length; i++) {
      byte[] broken = file.clone();
      broken[i] ^= (byte) 0xff;
      err.getBuffer().setLength(0);
      assertTrue(decode(broken) <= 2);
      assertTrue(!err.toString().contains("\tat "), err::toString);
    }
  }
}
