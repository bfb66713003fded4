package dbus.wire;

/// `v`, a value that carries its own type. D-Bus Specification, "Container types".
public enum VariantType implements Type {
  /// The only variant type.
  VARIANT;

  @Override
  public char code() {
    return 'v';
  }

  @Override
  public int alignment() {
    return 1;
  }

  @Override
  public String toString() {
    return "v";
  }
}
