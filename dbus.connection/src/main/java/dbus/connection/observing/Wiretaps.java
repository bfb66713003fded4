package dbus.connection.observing;

import dbus.connection.Direction;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The wiretaps of one connection. Without any they cost one look at an empty list.
public final class Wiretaps {

  private static final Logger LOG = System.getLogger(Wiretaps.class.getName());

  /// @param incoming touched by the thread that reads alone
  private record Entry(Wiretap tap, int most, IncomingFrames incoming) {}

  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /// Shows messages from now on; one that is under way is passed over.
  ///
  /// @param most how many bytes of a message are shown; 16 at least
  /// @return takes it away again
  public Runnable add(Wiretap tap, int most) {
    Entry entry = new Entry(tap, most, new IncomingFrames(tap, most));
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  /// By the thread that reads: these bytes will be fed to the decoder next.
  public void received(ByteBuffer bytes, MessageDecoder decoder) {
    for (Entry entry : entries) {
      try {
        entry.incoming().add(bytes.duplicate(), decoder);
      } catch (RuntimeException | OutOfMemoryError e) {
        remove(entry, e);
      }
    }
  }

  /// Under the lock of the encoder: its last bytes are a message that will be written.
  public void sent(MessageEncoder encoder, int length) {
    for (Entry entry : entries) {
      try {
        ByteBuffer all = encoder.peek();
        ByteBuffer kept = all.slice(all.limit() - length, Math.min(length, entry.most()));
        entry.tap().message(Direction.OUTGOING, kept, length);
      } catch (RuntimeException | OutOfMemoryError e) {
        remove(entry, e);
      }
    }
  }

  private void remove(Entry entry, Throwable why) {
    entries.remove(entry);
    LOG.log(Level.WARNING, "a connection is no longer listened in on, and goes on", why);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }
}
