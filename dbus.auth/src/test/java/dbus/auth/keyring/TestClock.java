package dbus.auth.keyring;

import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until a test moves it.
public final class TestClock implements InstantSource {
  private volatile long seconds;

  public TestClock(long seconds) {
    this.seconds = seconds;
  }

  public void set(long now) {
    seconds = now;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(seconds);
  }
}
