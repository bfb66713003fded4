package foreign.testkit;

import dbus.testkit.wire.ValueArbitraries;
import dbus.wire.Value;
import net.jqwik.api.Arbitrary;

/// Makes generators out of those of the test kit.
public final class Signatures {

  private Signatures() {}

  /// The signature of any value.
  public static Arbitrary<String> signatures() {
    return ValueArbitraries.values().map(Value::type).map(Object::toString);
  }
}
