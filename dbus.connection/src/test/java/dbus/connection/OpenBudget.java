package dbus.connection;

/// Allows everything, but for what a test overrides.
class OpenBudget implements Budget {

  @Override
  public boolean chargeBytes(long bytes) {
    return true;
  }

  @Override
  public void refundBytes(long bytes) {}

  @Override
  public boolean chargeUnixFds(int count) {
    return true;
  }

  @Override
  public void refundUnixFds(int count) {}

  @Override
  public boolean chargeHandler() {
    return true;
  }

  @Override
  public void refundHandler() {}
}
