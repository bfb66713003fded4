package dbus.address;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One address as it was read: a transport and its keys, with the places where they stand in the
/// text. The reader of a transport takes the keys that it knows; the rest are the unknown ones.
final class AddressEntry {
  private final String text;
  private final String transport;
  private final Map<String, Pair> pairs = new LinkedHashMap<>();
  private int end;

  /// A value, and where it and its key begin.
  record Pair(int keyAt, int valueAt, AddressValue value) {}

  AddressEntry(String text, String transport) {
    this.text = text;
    this.transport = transport;
  }

  void add(String key, int keyAt, int valueAt, AddressValue value) {
    if (pairs.put(key, new Pair(keyAt, valueAt, value)) != null) {
      throw wrong(keyAt, "key \"" + key + "\" occurs twice", "give it once");
    }
  }

  void endsAt(int position) {
    end = position;
  }

  String transport() {
    return transport;
  }

  /// The keys that nobody has taken yet, in their order.
  Set<String> keys() {
    return pairs.keySet();
  }

  int positionOf(String key) {
    Pair pair = pairs.get(key);
    return pair == null ? end : pair.keyAt;
  }

  @Nullable Pair takePair(String key) {
    return pairs.remove(key);
  }

  Optional<AddressValue> take(String key) {
    Pair pair = pairs.remove(key);
    return pair == null ? Optional.empty() : Optional.of(pair.value);
  }

  AddressValue takeRequired(String key) {
    return take(key).orElseThrow(() -> missing("no key \"" + key + "\"", "add " + key + "="));
  }

  /// Takes a value that is text rather than a path.
  Optional<String> takeText(String key) {
    Pair pair = pairs.remove(key);
    if (pair == null) {
      return Optional.empty();
    }
    Optional<String> asText = pair.value.text();
    if (asText.isEmpty()) {
      throw wrong(pair.valueAt, "key \"" + key + "\" is not UTF-8", "give text as UTF-8");
    }
    return asText;
  }

  Optional<Guid> takeGuid() {
    Pair pair = pairs.remove(UnknownKeys.GUID);
    if (pair == null) {
      return Optional.empty();
    }
    Optional<Guid> guid = pair.value.text().flatMap(Guid::tryParse);
    if (guid.isEmpty()) {
      throw wrong(
          pair.valueAt,
          "guid \"" + pair.value + "\" is malformed",
          "give " + Guid.DIGITS + " hexadecimal digits");
    }
    return guid;
  }

  /// The keys that nobody has taken.
  Map<String, AddressValue> rest() {
    if (pairs.isEmpty()) {
      return Map.of();
    }
    Map<String, AddressValue> rest = new LinkedHashMap<>();
    pairs.forEach((key, pair) -> rest.put(key, pair.value));
    return rest;
  }

  AddressException missing(String problem, String remedy) {
    return wrong(end, problem, remedy);
  }

  AddressException wrong(int position, String problem, String remedy) {
    return new AddressException(AddressError.BAD_ADDRESS, text, position, problem, remedy);
  }
}
