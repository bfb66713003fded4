package dbus.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A descriptor that is held back, for the moment when there is no other.
///
/// What has to be done just then, such as to write a line of a log, opens files: the first line
/// that a program writes reads the time zones. A class of the JDK that fails to be initialised for
/// want of a descriptor is lost for the rest of the process, to the application as well.
///
/// For one thread at a time.
final class SpareDescriptor implements Closeable {

  private @Nullable SocketChannel held;

  SpareDescriptor() {
    take();
  }

  /// Does something with one more descriptor than there would be; another thread may be faster.
  void lend(Runnable action) {
    close();
    try {
      action.run();
    } finally {
      take();
    }
  }

  private void take() {
    try {
      held = SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException | RuntimeException | Error none) {
      // Whatever is missing, such as memory: there may be one the next time.
    }
  }

  @Override
  public void close() {
    SocketChannel open = held;
    held = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException | RuntimeException | Error e) {
        // It was never connected, and is given back all the same.
      }
    }
  }
}
