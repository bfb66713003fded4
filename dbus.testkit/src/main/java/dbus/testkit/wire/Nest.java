package dbus.testkit.wire;

import dbus.wire.BasicType;
import dbus.wire.DictEntryType;
import dbus.wire.Signature;
import dbus.wire.Type;
import dbus.wire.Value;
import java.util.List;

/// A container to put around a value, to build values that are deep rather than wide.
enum Nest {
  VARIANT(1) {
    @Override
    Value around(Value value) {
      return new Value.Variant(value);
    }
  },
  ARRAY(1) {
    @Override
    Value around(Value value) {
      return Value.Array.of(value.type(), value);
    }
  },
  STRUCT(1) {
    @Override
    Value around(Value value) {
      return Value.Struct.of(value);
    }
  },
  /// Counts as two containers, the array and its entry.
  DICT(2) {
    @Override
    Value around(Value value) {
      return new Value.Dict(
          new DictEntryType(BasicType.BYTE, value.type()),
          List.of(new Value.Entry(new Value.Byte(1), value)));
    }
  };

  /// The limit of the specification for one value.
  private static final int MAX_CONTAINERS = 64;

  /// The limit of the specification for one signature, for arrays and structs each.
  private static final int MAX_IN_SIGNATURE = 32;

  private final int containers;

  Nest(int containers) {
    this.containers = containers;
  }

  abstract Value around(Value value);

  /// Puts containers around a value, as many as the limit allows. Where the signature would break
  /// its own limits, it is hidden in a variant first.
  static Value wrap(Value innermost, List<Nest> nests) {
    Value value = innermost;
    int containers = 0;
    for (Nest nest : nests) {
      if (nest.breaksSignature(value.type())) {
        if (containers + 1 + nest.containers > MAX_CONTAINERS) {
          break;
        }
        value = VARIANT.around(value);
        containers++;
      }
      if (containers + nest.containers > MAX_CONTAINERS) {
        break;
      }
      value = nest.around(value);
      containers += nest.containers;
    }
    return value;
  }

  private boolean breaksSignature(Type inner) {
    return switch (this) {
      case VARIANT -> inner.toString().length() > Signature.MAX_LENGTH;
      case ARRAY, DICT ->
          arrays(inner) == MAX_IN_SIGNATURE || inner.toString().length() + 4 > Signature.MAX_LENGTH;
      case STRUCT ->
          structs(inner) == MAX_IN_SIGNATURE
              || inner.toString().length() + 2 > Signature.MAX_LENGTH;
    };
  }

  /// The types made here have one branch each, apart from keys, so counting brackets is enough.
  private static long arrays(Type type) {
    return type.toString().chars().filter(c -> c == 'a').count();
  }

  private static long structs(Type type) {
    return type.toString().chars().filter(c -> c == '(').count();
  }
}
