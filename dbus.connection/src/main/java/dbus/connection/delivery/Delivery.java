package dbus.connection.delivery;

import dbus.connection.reading.Pace;
import org.jspecify.annotations.Nullable;

/// A call or a signal on its way to the application's code. See [Deliveries] for who may do what.
public abstract class Delivery {

  // Guarded by the lock of Turns.

  /// Whether it has had its turn.
  boolean begun;

  /// Whether its handler waits for the peer, or has done so: then it counts no longer among those
  /// that keep others from beginning.
  boolean isWaitingForPeer;

  /// Why it is to be refused, if it is.
  @Nullable Refusal refusal;

  /// Why a call is not let in.
  public enum Refusal {
    /// It came when no more calls were taken.
    TOO_LATE,

    /// Too many handlers wait for the peer already.
    TOO_MANY_WAIT
  }

  /// What the thread that runs this was running before. Of that thread.
  @Nullable Delivery outer;

  /// Whose it is, while it runs. Of that thread.
  @Nullable Deliveries owner;

  /// At its turn: why it is to be refused; null if it is not.
  public final @Nullable Refusal refusal() {
    return refusal;
  }

  /// What it keeps in memory, about.
  public abstract long bytes();

  /// Whether it is in progress until it is [answered][Deliveries#answered]; else, until it has
  /// begun.
  public abstract boolean isCall();

  /// How long it takes to find out what is meant, if that is asked of the application's code.
  public abstract @Nullable Pace paceOfFinding();

  /// At its turn: finds out what is meant. Asked again, it looks whether that is still so.
  ///
  /// @return how long it takes to handle it; null if it is done with already, being refused
  public abstract @Nullable Pace find();

  /// Whether it holds nobody up once it has begun; known when it is found.
  public abstract boolean isConcurrent();

  /// Runs the application's code, and survives it.
  public abstract void handle();

  /// At its turn: no thread can be had for it.
  ///
  /// @return false if it cannot be refused, and is to be handled on this thread
  public abstract boolean refuse();

  /// It will not be handled. May be called instead of all else, once.
  public abstract void drop();
}
