package dbus.testkit.cli;

import dbus.wire.BasicType;
import dbus.wire.Body;
import dbus.wire.InvalidValueTextException;
import dbus.wire.Signature;
import dbus.wire.Type;
import dbus.wire.Value;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Arguments in the GVariant text notation, as they stand on a command line and in its output.
final class ArgumentTexts {

  private ArgumentTexts() {}

  /// The arguments of known types. Where a text, a path or a signature is wanted, quotes can be
  /// left out, which a shell takes away anyway.
  ///
  /// @throws IllegalArgumentException if they are not of these types; it tells which is not
  static Body parse(Signature types, List<String> texts) {
    if (types.types().size() != texts.size()) {
      throw new IllegalArgumentException(
          "the types of the arguments are \"%s\", that is %s; %s are given"
              .formatted(types, types.types().size(), texts.size()));
    }
    return body(texts.size(), i -> value(types.types().get(i), texts.get(i)));
  }

  /// The arguments, of the types that they have by themselves.
  ///
  /// @throws IllegalArgumentException if one is no value, or leaves its type open
  static Body parse(List<String> texts) {
    return body(texts.size(), i -> Value.parse(texts.get(i)));
  }

  /// The arguments of a message, in brackets. Each has the types that a reader could not guess.
  static String print(Body body) {
    // No struct is made of them: they may be nested as deep as values can be.
    List<Value> values = body.values();
    return values.stream()
        .map(Value::toText)
        .collect(Collectors.joining(", ", "(", values.size() == 1 ? ",)" : ")"));
  }

  private static Body body(int count, IntFunction<Value> arguments) {
    return Body.of(
        IntStream.range(0, count).mapToObj(i -> nth(i, arguments)).toArray(Value[]::new));
  }

  private static Value nth(int i, IntFunction<Value> arguments) {
    try {
      return arguments.apply(i);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("argument " + (i + 1) + ": " + e.getMessage(), e);
    }
  }

  private static Value value(Type type, String text) {
    try {
      return Value.parse(type, text);
    } catch (InvalidValueTextException e) {
      boolean quoted = text.startsWith("'") || text.startsWith("\"");
      if (isText(type) && !quoted) {
        return Value.of(text, type);
      }
      throw e;
    }
  }

  private static boolean isText(Type type) {
    return type == BasicType.STRING || type == BasicType.OBJECT_PATH || type == BasicType.SIGNATURE;
  }
}
