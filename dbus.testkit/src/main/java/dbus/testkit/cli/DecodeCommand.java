package dbus.testkit.cli;

import dbus.wire.InvalidMessageException;
import dbus.wire.MessageDecoder;
import dbus.wire.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dbus decode`: what the bytes of messages say, or where they are wrong.
@Command(
    name = "decode",
    description = {
      "Prints D-Bus messages field by field, each with its offset from the start of the message.",
      "The input is one message or several in a row, as bytes or as hexadecimal digits: with or"
          + " without spaces and line breaks, or as \"xxd\", \"hexdump -C\" and \"od -Ax -tx1\""
          + " print them. The first invalid message ends the output, with the rule that it breaks"
          + " and the bytes around the place.",
      "Or the input is a capture of D-Bus messages, as \"dbus serve --capture\" writes it (pcapng):"
          + " then each message comes with its direction, its time and its connection, and an"
          + " invalid one does not end the output."
    },
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all messages are valid",
      "1:a message is invalid or incomplete, or there is none, or the output cannot be written",
      "2:the arguments are wrong, or the input cannot be read"
    },
    mixinStandardHelpOptions = true)
final class DecodeCommand implements Callable<Integer> {

  private static final int INVALID = 1;
  private static final int UNREADABLE = 2;

  /// The longest message as digits, with a space for each byte, and room for columns.
  private static final int MAX_INPUT = 1 << 29;

  /// How many of the first bytes are looked at to tell bytes from digits.
  private static final int SAMPLE = 16;

  /// How much is shown of a file's name or of what is wrong with it, in characters.
  private static final int LONGEST = 200;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The input; - or nothing for standard input.")
  private String file = "-";

  @ArgGroup private Form form = new Form();

  @Option(
      names = "--limit",
      paramLabel = "LINES",
      description =
          "Print at most this many lines; what follows is still checked. By default"
              + " ${DEFAULT-VALUE}.",
      defaultValue = "1000")
  private int limit;

  /// What the input looks like.
  private static final class Form {
    @Option(names = "--hex", description = "The input is digits. By default it is looked at.")
    private boolean hex;

    @Option(
        names = "--raw",
        description = "The input is bytes of messages. By default it is looked at.")
    private boolean raw;
  }

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli has not injected the command");
    }
    if (limit < 0) {
      throw new Mistake(command, "--limit is not negative: " + limit, null);
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    byte[] input;
    try {
      input = read();
      if (form.hex || (!form.raw && looksLikeText(input))) {
        input = HexText.parse(input);
      }
    } catch (NoSuchFileException e) {
      return complain(err, "there is no such file", UNREADABLE);
    } catch (IOException | InvalidPathException | HexText.NoHexException e) {
      return complain(err, String.valueOf(e.getMessage()), UNREADABLE);
    }
    if (input.length == 0) {
      return complain(err, "there is no message", INVALID);
    }
    MessageOutline outline = new MessageOutline(out, limit);
    return !form.hex && !form.raw && CaptureFile.isOne(input)
        ? decode(new CaptureFile(input), outline, err)
        : decode(input, outline, err);
  }

  private int complain(PrintWriter err, String problem, int status) {
    err.println(
        "dbus decode: " + Printable.of(file, LONGEST) + ": " + Printable.of(problem, LONGEST));
    return status;
  }

  private static int decode(byte[] input, MessageOutline outline, PrintWriter err) {
    int number = 1;
    for (int at = 0; at < input.length; number++) {
      String heading = "message %s, at byte %s of the input".formatted(number, at);
      int length = input.length - at;
      try {
        length =
            Math.min(
                length,
                MessageDecoder.messageLength(ByteBuffer.wrap(input, at, length)).orElse(length));
      } catch (InvalidMessageException e) {
        // Said when it is decoded.
      }
      if (!decode(heading, Arrays.copyOfRange(input, at, at + length), outline, err)) {
        return INVALID;
      }
      at += length;
    }
    return 0;
  }

  private int decode(CaptureFile capture, MessageOutline outline, PrintWriter err) {
    int status = 0;
    int number = 0;
    try {
      for (var next = capture.next(); next.isPresent(); next = capture.next()) {
        CaptureFile.Packet packet = next.get();
        String heading =
            "message %s, %s, at byte %s of the input"
                .formatted(++number, Printable.of(packet.about(), LONGEST), packet.at());
        if (packet.kept().remaining() < packet.length()) {
          err.printf(
              "dbus decode: %s: the capture has %s of its %s bytes%n",
              heading, packet.kept().remaining(), packet.length());
          status = INVALID;
        } else if (!decode(heading, packet.bytes(), outline, err)) {
          status = INVALID;
        }
      }
    } catch (CaptureFile.BrokenCaptureException e) {
      return complain(err, String.valueOf(e.getMessage()), UNREADABLE);
    }
    return number == 0 ? complain(err, "there is no message", INVALID) : status;
  }

  /// Whether the message is valid.
  private static boolean decode(
      String heading, byte[] message, MessageOutline outline, PrintWriter err) {
    try {
      outline.print(heading, message, MessageDecoder.decode(message));
      return true;
    } catch (InvalidMessageException e) {
      err.println("dbus decode: " + heading + ":");
      err.println(e.getMessage());
      pointAt(e.offset(), message, err);
      return false;
    }
  }

  /// Shows the bytes around a place of a message, in the rows that `hexdump` would show.
  private static void pointAt(int offset, byte[] message, PrintWriter err) {
    int from = offset & -16;
    StringBuilder row = new StringBuilder();
    for (int i = from; i < from + 16 && i < message.length; i++) {
      row.append(String.format(" %02x", message[i]));
    }
    err.printf("%8d %s%n", from, row);
    err.println(" ".repeat(10 + 3 * (offset - from)) + "^");
  }

  private byte[] read() throws IOException {
    if (file.equals("-")) {
      return read(System.in);
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return read(in);
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    byte[] input = in.readNBytes(MAX_INPUT);
    if (in.read() >= 0) {
      throw new IOException("longer than " + MAX_INPUT + " bytes");
    }
    return input;
  }

  /// The fourth byte of every message is 1, which no text has.
  private static boolean looksLikeText(byte[] input) {
    for (int i = 0; i < Math.min(input.length, SAMPLE); i++) {
      int c = input[i];
      if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
