package dbus.connection;

/// Something that was added to a connection, until this is closed. Closing it again does nothing;
/// any thread may.
public final class Registration implements AutoCloseable {

  private final Runnable remove;

  /// @param remove can be run several times
  Registration(Runnable remove) {
    this.remove = remove;
  }

  /// Takes it away. Waits for nothing: what it was added for may still be going on elsewhere.
  @Override
  public void close() {
    remove.run();
  }
}
