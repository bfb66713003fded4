package dbus.testkit.wire;

import dbus.wire.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Finds values of which GLib 2.74 loses a part, without a word.
///
/// GLib counts the length of an array from where the length ends (WIRE-10 says: from the first
/// element, behind the padding). It looks for the end only between elements, so that it mostly does
/// not matter. But where 4 bytes of padding were there, and the last element takes 4 bytes, as
/// `(ai)` does if it is empty, GLib takes the array to end before that element.
final class LostByGlib {
  private boolean found;

  private LostByGlib() {}

  /// Whether GLib loses an element of these arguments.
  static boolean anyOf(List<Value> arguments) {
    LostByGlib search = new LostByGlib();
    int at = 0;
    for (Value argument : arguments) {
      at = search.endOf(argument, at);
    }
    return search.found;
  }

  /// Where a value ends that begins at a place, or behind the padding from there.
  private int endOf(Value value, int from) {
    int at = align(from, value.type().alignment());
    return switch (value) {
      case Value.Str(String text) -> at + 5 + text.getBytes(StandardCharsets.UTF_8).length;
      case Value.Path path -> at + 5 + path.value().value().length();
      case Value.Sig sig -> at + 2 + sig.value().toString().length();
      case Value.Variant(Value content) ->
          endOf(content, at + 2 + content.type().toString().length());
      case Value.Struct struct -> endOfAll(struct.fields(), at);
      case Value.Array array ->
          endOfArray(
              array.items().stream().map(List::of).toList(), at, array.element().alignment());
      case Value.Dict dict ->
          endOfArray(dict.entries().stream().map(e -> List.of(e.key(), e.value())).toList(), at, 8);
      default -> at + value.type().alignment();
    };
  }

  private int endOfAll(List<Value> values, int from) {
    int at = from;
    for (Value value : values) {
      at = endOf(value, at);
    }
    return at;
  }

  private int endOfArray(List<List<Value>> elements, int lengthAt, int alignment) {
    int start = align(lengthAt + 4, alignment);
    int before = start;
    int at = start;
    for (List<Value> element : elements) {
      before = at;
      at = endOfAll(element, align(at, alignment));
    }
    found |= start == lengthAt + 8 && before > start && before >= at - 4;
    return at;
  }

  private static int align(int at, int alignment) {
    return (at + alignment - 1) & -alignment;
  }
}
