package dbus.address;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Collects the keys of an address in the order in which they are written.
final class KeyMap {
  private final SequencedMap<String, AddressValue> keys = new LinkedHashMap<>();

  KeyMap put(String key, AddressValue value) {
    keys.put(key, value);
    return this;
  }

  KeyMap put(String key, Optional<AddressValue> value) {
    value.ifPresent(present -> keys.put(key, present));
    return this;
  }

  KeyMap putText(String key, Optional<?> value) {
    value.ifPresent(present -> keys.put(key, AddressValue.of(present.toString())));
    return this;
  }

  /// Unknown keys come after the known ones, the guid last, as the reference implementation has it.
  SequencedMap<String, AddressValue> end(
      Map<String, AddressValue> unknownKeys, Optional<Guid> guid) {
    keys.putAll(unknownKeys);
    putText(UnknownKeys.GUID, guid);
    return Collections.unmodifiableSequencedMap(keys);
  }

  /// The canonical text of an address.
  static String format(Address address) {
    StringBuilder text = new StringBuilder(64).append(address.transport()).append(':');
    String separator = "";
    for (Map.Entry<String, AddressValue> key : address.keys().entrySet()) {
      text.append(separator).append(key.getKey()).append('=').append(key.getValue());
      separator = ",";
    }
    return text.toString();
  }

  /// Where a key stands in the canonical text, or the end of the text if it is missing.
  static int positionOf(String key, Address address) {
    int position = address.transport().length() + 1;
    for (Map.Entry<String, AddressValue> each : address.keys().entrySet()) {
      if (each.getKey().equals(key)) {
        return position;
      }
      position += each.getKey().length() + 1 + each.getValue().toString().length() + 1;
    }
    return address.toString().length();
  }
}
