package dbus.connection;

/// Allows everything but a thread beside the one that reads. So that one is never relieved, however
/// long a test holds it up.
final class NoFurtherThread extends OpenBudget {

  @Override
  public boolean chargeHandler() {
    return false;
  }

  @Override
  public void refundHandler() {
    throw new AssertionError("nothing was charged");
  }
}
