package dbus.connection;

/// Allows everything but a thread beside the one that reads. So that one is never relieved, however
/// long a test holds it up.
final class NoFurtherThread implements Budget {

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
    return false;
  }

  @Override
  public void refundHandler() {
    throw new AssertionError("nothing was charged");
  }
}
