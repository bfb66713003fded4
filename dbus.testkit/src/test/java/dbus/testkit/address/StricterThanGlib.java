package dbus.testkit.address;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The lines of the conformance list by which this library refuses an address that GLib accepts.
///
/// It is written a second time here, slow and simple, so that it owes nothing to the parser. It may
/// assume that GLib accepts the text.
final class StricterThanGlib {
  private static final String BARE = "[-0-9A-Za-z_/.\\\\*]";
  private static final Set<String> UNIX_KEYS =
      Set.of("path", "abstract", "dir", "tmpdir", "runtime");

  private StricterThanGlib() {}

  private record Pair(String key, String value) {}

  /// The lines that speak against a list of addresses.
  static Set<String> reasons(String text) {
    Set<String> reasons = new TreeSet<>();
    for (String entry : text.split(";", -1)) {
      int colon = entry.indexOf(':');
      String transport = entry.substring(0, colon);
      List<Pair> pairs = new ArrayList<>();
      for (String pair : entry.substring(colon + 1).split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals >= 0) {
          pairs.add(new Pair(pair.substring(0, equals), pair.substring(equals + 1)));
        }
      }
      addReasons(transport, pairs, reasons);
    }
    return reasons;
  }

  private static void addReasons(String transport, List<Pair> pairs, Set<String> reasons) {
    if (!transport.matches(BARE + "+")) {
      reasons.add("here: names need no escape");
    }
    Set<String> keys = new HashSet<>();
    for (Pair pair : pairs) {
      if (!pair.key().matches(BARE + "+")) {
        reasons.add("here: names need no escape");
      }
      if (!keys.add(pair.key())) {
        reasons.add("ADDR-10: a key twice");
      }
      if (pair.value().isEmpty()) {
        reasons.add("ADDR-09: empty value");
      }
      if (!pair.value().matches("(" + BARE + "|%[0-9A-Fa-f]{2})*")) {
        reasons.add("ADDR-04: unescaped byte");
      } else {
        addReasonsOfValue(transport, pair.key(), decode(pair.value()), reasons);
      }
    }
    addReasonsOfKeys(transport, keys, reasons);
  }

  private static void addReasonsOfKeys(String transport, Set<String> keys, Set<String> reasons) {
    if (transport.equals("unix") && keys.stream().filter(UNIX_KEYS::contains).count() != 1) {
      reasons.add("ADDR-20: exactly one key");
    }
    if (transport.equals("unixexec") && !keys.contains("path")) {
      reasons.add("ADDR-37: path is mandatory");
    }
    if (transport.equals("launchd") && !keys.contains("env")) {
      reasons.add("ADDR-39: env is mandatory");
    }
  }

  private static void addReasonsOfValue(
      String transport, String key, byte[] bytes, Set<String> reasons) {
    String value = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean isInet = transport.equals("tcp") || transport.equals("nonce-tcp");
    if (key.equals("guid") && !value.matches("[0-9A-Fa-f]{32}")) {
      reasons.add("ADDR-15: malformed guid");
    }
    if (transport.equals("unix") && key.equals("runtime") && !value.equals("yes")) {
      reasons.add("ADDR-22: runtime is yes");
    }
    if (isInet && key.equals("port") && !isPort(value)) {
      reasons.add("ADDR-31: bad port");
    }
    if (isInet && key.equals("family") && !value.matches("ipv[46]")) {
      reasons.add("ADDR-32: bad family");
    }
    if (isInet && (key.equals("host") || key.equals("bind")) && !isUtf8(bytes)) {
      reasons.add("here: a host is text");
    }
  }

  private static boolean isPort(String value) {
    return value.matches("0*[0-9]{1,5}") && Integer.parseInt(value) <= 65535;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static byte[] decode(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '%') {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(escaped.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
