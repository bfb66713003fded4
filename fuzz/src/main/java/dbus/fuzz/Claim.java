package dbus.fuzz;

/// What a target claims of every input. Assertions may be switched off; this is not.
final class Claim {
  private Claim() {}

  static void isTrue(boolean fact, Object what) {
    if (!fact) {
      throw new IllegalStateException("it does not hold: " + what);
    }
  }

  static void areEqual(Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalStateException("expected " + expected + ", but was " + actual);
    }
  }
}
