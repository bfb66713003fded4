package foreign.wire;

import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.Value;

/// Marshals a text, and takes it out again.
final class Main {

  public static void main(String[] args) throws Exception {
    Body body = Body.of(new Value.Str("you"));
    if (!body.read(Codec.STRING).equals("you")) {
      throw new AssertionError(body);
    }
  }
}
