package dbus.server;

import java.time.Duration;

/// How long a peer may be silent in its handshake while others wait.
///
/// A crowd of silent ones would hold up who comes behind it for as many times the whole grace as it
/// fills the room. So after each roomful that had to be put out the next has half as long, down to
/// a quarter, in which a line comes from nearly anywhere; and all have the whole of it again once
/// the room has been half empty.
///
/// Not for use by several threads at once.
final class Grace {

  private static final int HALVINGS = 2;

  private final long whole;
  private final int room;

  private int putOut;

  Grace(Duration whole, int room) {
    this.whole = whole.compareTo(Duration.ofDays(365)) < 0 ? whole.toNanos() : Long.MAX_VALUE;
    this.room = room;
  }

  /// In nanoseconds.
  long now() {
    return whole >> (putOut / room);
  }

  void onePutOut() {
    putOut = (int) Math.min(putOut + 1L, (long) HALVINGS * room);
  }

  /// @param guests how many are left
  void oneLeft(int guests) {
    if (guests <= room / 2) {
      putOut = 0;
    }
  }
}
