package dbus.testkit.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Other texts for the same addresses.
final class Spelling {
  private Spelling() {}

  /// A text that means the same as a canonical one.
  static String vary(String canonical, Random random) {
    StringBuilder varied = new StringBuilder();
    for (String entry : canonical.split(";", -1)) {
      varied.append(varied.isEmpty() ? "" : ";");
      if (!entry.isEmpty()) {
        appendEntry(entry, random, varied);
      }
    }
    return varied.toString();
  }

  private static void appendEntry(String entry, Random random, StringBuilder to) {
    int colon = entry.indexOf(':');
    to.append(entry, 0, colon + 1);
    if (colon + 1 == entry.length()) {
      return;
    }
    List<String> pairs = new ArrayList<>(Arrays.asList(entry.substring(colon + 1).split(",", -1)));
    Collections.shuffle(pairs, random);
    String separator = "";
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      to.append(separator).append(pair, 0, equals + 1);
      appendValue(pair.substring(equals + 1), random, to);
      separator = ",";
    }
  }

  private static void appendValue(String value, Random random, StringBuilder to) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == '%') {
        String escape = value.substring(i, i + 3);
        boolean bareStar = escape.equals("%2a") && random.nextBoolean();
        String upper = escape.toUpperCase(Locale.ROOT);
        to.append(bareStar ? "*" : random.nextBoolean() ? upper : escape);
        i += 2;
      } else if (random.nextInt(8) == 0) {
        to.append("%%%02x".formatted((int) value.charAt(i)));
      } else {
        to.append(value.charAt(i));
      }
    }
  }
}
