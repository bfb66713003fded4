package dbus.connection.outgoing;

import dbus.connection.UnixFd;
import dbus.connection.descriptor.Descriptors;
import dbus.connection.spending.Share;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.UnixFdHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The messages that wait in an [Outbox]: their bytes, the file descriptors that travel with them,
/// and what they take of the budget.
///
/// File descriptors leave with the first byte of their message. So a batch never has such a byte
/// anywhere but at its beginning. They belong to this class once [#append] is called, and to
/// whoever [takes the batch][#drainTo] from then on.
///
/// Guarded by the lock of the outbox.
final class OutgoingQueue {

  private final Share share;

  private MessageEncoder bytes = new MessageEncoder();

  /// The messages with descriptors that wait, in order.
  private final Queue<Passengers> passengers = new ArrayDeque<>();

  /// Counts the bytes that were ever queued, and that ever left the queue.
  private long queuedTo;

  private long takenTo;

  /// How many of these are with the operating system.
  private long writtenTo;

  /// Where the message begins that was queued last.
  private long lastFrom;

  /// Set with what was too much, which ends the connection.
  private boolean overBudget;

  /// How many descriptors a message may have; known once the peer is authenticated.
  private volatile int maxUnixFds;

  /// @param share of the budget
  OutgoingQueue(Share share) {
    this.share = share;
  }

  /// Says how many file descriptors a message may have; on any thread.
  void allowUnixFds(int most) {
    maxUnixFds = most;
  }

  /// On any thread.
  int maxUnixFds() {
    return maxUnixFds;
  }

  /// How many bytes wait.
  int size() {
    return bytes.size();
  }

  /// Whether what waits is of more than one message.
  boolean isSeveral() {
    return takenTo < lastFrom;
  }

  /// How many bytes were ever queued.
  long queuedTo() {
    return queuedTo;
  }

  /// How many of them the operating system has, or were passed over.
  long writtenTo() {
    return writtenTo;
  }

  /// All that was taken has been written.
  void wrote() {
    writtenTo = takenTo;
  }

  /// Whether the budget did not allow something of what was appended.
  boolean isOverBudget() {
    return overBudget;
  }

  /// What waits, which is only to be looked at.
  MessageEncoder bytes() {
    return bytes;
  }

  /// Adds a message.
  ///
  /// @param ticket is told if its descriptors cannot travel
  /// @return how many bytes it has
  /// @throws IllegalArgumentException if it cannot be encoded; nothing is added then
  int append(Message message, int serial, Ticket ticket) {
    int length =
        message.unixFds() == 0
            ? bytes.append(message, serial)
            : appendWithUnixFds(message, serial, ticket);
    lastFrom = queuedTo;
    queuedTo += length;
    overBudget |= !share.holds(bytes.size());
    return length;
  }

  private int appendWithUnixFds(Message message, int serial, Ticket ticket) {
    List<UnixFd> unixFds = new ArrayList<>();
    try {
      Passengers.requireSendable(message, maxUnixFds);
      for (UnixFdHandle handle : message.body().unixFds().asList()) {
        unixFds.add(((UnixFd) handle).take());
      }
      int length = bytes.append(message, serial);
      passengers.add(new Passengers(queuedTo, length, unixFds, ticket));
      return length;
    } catch (IllegalStateException e) {
      Descriptors.close(message);
      unixFds.forEach(UnixFd::close);
      throw new IllegalArgumentException(
          "a file descriptor of the message is closed, or was sent already", e);
    } catch (RuntimeException | Error e) {
      Descriptors.close(message);
      unixFds.forEach(UnixFd::close);
      throw e;
    }
  }

  /// Takes what is to be written next, as far as the batch has room.
  ///
  /// @return the descriptors that leave with its first byte; null if none do
  @Nullable Passengers drainTo(ByteBuffer batch) {
    Passengers departing = board(batch);
    takenTo += bytes.drainTo(batch);
    var _ = share.holds(bytes.size());
    return departing;
  }

  /// Lets the descriptors leave whose message is the next, and ends the batch before the message
  /// whose descriptors come after them.
  private @Nullable Passengers board(ByteBuffer batch) {
    Passengers departing = null;
    Passengers first = passengers.peek();
    if (first != null && first.from() == takenTo) {
      departing = passengers.remove();
      first = passengers.peek();
    }
    if (first != null) {
      batch.limit((int) Math.min(batch.capacity(), first.from() - takenTo));
    }
    return departing;
  }

  /// Takes the next bytes away unwritten: they are the rest of a message that cannot be sent.
  void discard(int count) {
    bytes.discard(count);
    takenTo += count;
    var _ = share.holds(bytes.size());
  }

  /// Forgets what waits.
  void clear() {
    bytes = new MessageEncoder();
    var _ = share.holds(0);
    passengers.forEach(Passengers::close);
    passengers.clear();
  }
}
