package dbus.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells people all that a message says, on some lines (MSG-28). Names and arguments come from
/// somewhere else: they are quoted, control characters are escaped, and long ones are cut.
final class MessageDescription {
  /// Arguments of more bytes than this are not made into objects only to be cut.
  private static final int MAX_BODY = 1 << 16;

  /// About how many characters of the arguments are shown.
  private static final int MAX_TEXT = 4096;

  private final StringBuilder out = new StringBuilder();

  private MessageDescription() {}

  static String of(String kind, Header header) {
    return new MessageDescription().describe(kind, header).toString();
  }

  private StringBuilder describe(String kind, Header header) {
    out.append(kind).append(header.little ? ", little-endian\n" : ", big-endian\n");
    if (header.serial != 0) {
      line("serial", Integer.toUnsignedString(header.serial));
    }
    Set<MessageFlag> flags = MessageFlag.set(header.flags);
    if (!flags.isEmpty()) {
      line("flags", flags.toString());
    }
    quoted("path", header.path());
    quoted("interface", header.interfaceName());
    quoted("member", header.member());
    quoted("error name", header.errorName());
    if (header.replySerial != 0) {
      line("reply serial", Integer.toUnsignedString(header.replySerial));
    }
    quoted("destination", header.destination());
    quoted("sender", header.sender());
    if (header.unixFds > 0) {
      line("unix fds", Integer.toString(header.unixFds));
    }
    Body body = header.body();
    if (!body.signature().isEmpty()) {
      line("signature", "\"" + body.signature() + "\"");
      arguments(body);
    }
    return out;
  }

  private void arguments(Body body) {
    if (body.length() > MAX_BODY) {
      line("arguments", "not shown, " + body.length() + " bytes");
      return;
    }
    int limit = out.length() + MAX_TEXT;
    TextPrinter printer = new TextPrinter(out, limit);
    WireReader reader = body.reader();
    while (reader.hasNext() && out.length() < limit) {
      out.append("  argument: ");
      printer.value(reader.readValue(), true);
      out.append('\n');
    }
    if (TextPrinter.cut(out, limit)) {
      out.append("…\n");
    }
  }

  private void quoted(String name, @Nullable Object value) {
    if (value != null) {
      line(name, Excerpt.of(value.toString()));
    }
  }

  private void line(String name, String value) {
    out.append("  ").append(name).append(": ").append(value).append('\n');
  }
}
