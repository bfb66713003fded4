package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandshakeLimitsTest {
  private static final HandshakeLimits DEFAULT = HandshakeLimits.DEFAULT;

  @Test
  @DisplayName("AUTH-06, AUTH-22, AUTH-23, AUTH-24, AUTH-63 the defaults")
  void theDefaults() {
    assertEquals(new HandshakeLimits(16_384, 6, 64, 16_384, 48, Duration.ofSeconds(30)), DEFAULT);
  }

  @Test
  void eachLimitCanBeChangedAlone() {
    assertEquals(
        new HandshakeLimits(256, 2, 1, 1_024, 8, Duration.ofNanos(1)),
        DEFAULT
            .withLineBytes(256)
            .withRejections(2)
            .withErrors(1)
            .withOutputBytes(1_024)
            .withServerLines(8)
            .withTimeLimit(Duration.ofNanos(1)));
    assertEquals(65_536, DEFAULT.withLineBytes(65_536).lineBytes());
  }

  @Test
  @DisplayName("SERV-32 limits are validated")
  void limitsAreValidated() {
    List.<Runnable>of(
            () -> DEFAULT.withLineBytes(255),
            () -> DEFAULT.withLineBytes(65_537),
            () -> DEFAULT.withRejections(1),
            () -> DEFAULT.withErrors(0),
            () -> DEFAULT.withOutputBytes(1_023),
            () -> DEFAULT.withServerLines(7),
            () -> DEFAULT.withTimeLimit(Duration.ZERO),
            () -> DEFAULT.withTimeLimit(Duration.ofSeconds(-1)))
        .forEach(bad -> assertThrows(IllegalArgumentException.class, bad::run));
    assertEquals(
        "rejections must be at least 2, not 1",
        assertThrows(IllegalArgumentException.class, () -> DEFAULT.withRejections(1)).getMessage());
  }
}
