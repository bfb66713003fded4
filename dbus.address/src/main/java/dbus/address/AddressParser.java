package dbus.address;

import java.util.ArrayList;
import java.util.List;

/// Reads addresses from a text, in one pass from left to right.
///
/// ```text
/// list    = address *( ";" address ) [ ";" ]
/// address = name ":" [ pair *( "," pair ) ]
/// pair    = name "=" value
/// ```
///
/// A name is one or more of the bytes that may stand bare in a value. The specification does not
/// say what a name is; other characters would be read differently by other implementations.
final class AddressParser {
  private final String text;
  private int at;

  /// Where the address ends that is being read: its `;`, or the end of the text.
  private int end;

  AddressParser(String text) {
    this.text = text;
  }

  Address single() {
    Address address = address();
    if (at < text.length()) {
      throw wrong(at, "more than one address", "give one without \";\", or use a list");
    }
    return address;
  }

  List<Address> list() {
    List<Address> addresses = new ArrayList<>();
    do {
      addresses.add(address());
      at++;
    } while (at < text.length());
    return addresses;
  }

  /// Leaves [#at] at [#end].
  private Address address() {
    int semicolon = text.indexOf(';', at);
    end = semicolon < 0 ? text.length() : semicolon;
    String transport = transport();
    AddressEntry entry = new AddressEntry(text, transport);
    if (at < end) {
      pair(entry);
      while (at < end) {
        at++;
        pair(entry);
      }
    }
    entry.endsAt(end);
    return Transports.read(entry);
  }

  private String transport() {
    int start = at;
    if (at == end) {
      throw wrong(at, "an empty address", "write transport:key=value");
    }
    skipName("the name of a transport", "no \":\" after the transport", ':');
    if (at == start) {
      throw wrong(at, "an empty transport", "write a name before the \":\"");
    }
    return text.substring(start, at++);
  }

  /// Leaves [#at] at the `,` behind the pair, or at [#end].
  private void pair(AddressEntry entry) {
    int keyAt = at;
    if (at == end || text.charAt(at) == ',') {
      throw wrong(at, "a \",\" with no key after it", "write key=value, or leave the \",\" out");
    }
    skipName("a key", "no \"=\" after the key", '=');
    if (at == keyAt) {
      throw wrong(at, "an empty key", "write a name before the \"=\"");
    }
    String key = text.substring(keyAt, at);
    int valueAt = ++at;
    int comma = text.indexOf(',', at, end);
    at = comma < 0 ? end : comma;
    if (at == valueAt) {
      throw wrong(at, "key \"" + key + "\" has an empty value", "give a value, or leave it out");
    }
    entry.add(key, keyAt, valueAt, AddressValue.parse(text, valueAt, at));
  }

  private void skipName(String what, String missing, char delimiter) {
    for (; ; at++) {
      if (at == end || text.charAt(at) == ',') {
        throw wrong(at, missing, "write transport:key=value");
      }
      char c = text.charAt(at);
      if (c == delimiter) {
        return;
      }
      if (!Escaping.isBare(c)) {
        throw wrong(
            at,
            "\""
                + AddressException.excerpt(Character.toString(text.codePointAt(at)))
                + "\" in "
                + what,
            "use letters, digits, and - _ / . \\ *");
      }
    }
  }

  private AddressException wrong(int position, String problem, String remedy) {
    return new AddressException(AddressError.BAD_ADDRESS, text, position, problem, remedy);
  }
}
