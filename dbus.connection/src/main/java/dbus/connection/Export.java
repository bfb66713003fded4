package dbus.connection;

import dbus.wire.ObjectPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Interfaces that stand at a path until this is closed.
///
/// Closing takes them away at once: calls that come later, or that wait for a thread, are answered
/// as if they had never been there; calls that run already go on. Any thread, any number of times.
public final class Export implements AutoCloseable {

  private final ObjectTree tree;
  private final ObjectPath path;
  private final List<Interface> interfaces;
  private final AtomicBoolean closed = new AtomicBoolean();

  Export(ObjectTree tree, ObjectPath path, List<Interface> interfaces) {
    this.tree = tree;
    this.path = path;
    this.interfaces = interfaces;
  }

  /// Where they stand.
  public ObjectPath path() {
    return path;
  }

  /// What stands there.
  public List<Interface> interfaces() {
    return interfaces;
  }

  @Override
  public void close() {
    // Once: the same interface may have been exported anew since.
    if (closed.compareAndSet(false, true)) {
      tree.remove(path, interfaces);
    }
  }
}
