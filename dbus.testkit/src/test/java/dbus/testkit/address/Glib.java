package dbus.testkit.address;

import dbus.testkit.glib.GlibProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What GLib says of addresses.
final class Glib implements AutoCloseable {
  private final GlibProcess process = GlibProcess.start(Glib.class, "glib-addresses.py");

  /// What `g_dbus_is_address` says.
  boolean isAddress(String text) {
    return ask("is-address", text).equals("True");
  }

  /// What `g_dbus_is_supported_address` says.
  boolean isSupported(String text) {
    return ask("is-supported", text).equals("True");
  }

  /// What `g_dbus_address_escape_value` gives.
  String escape(String text) {
    return ask("escape", text);
  }

  private String ask(String question, String text) {
    return process.ask(
        question + " " + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
