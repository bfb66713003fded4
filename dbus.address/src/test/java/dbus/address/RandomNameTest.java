package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNameTest {
  @Test
  void aNameHasAsManyLettersAndDigitsAsAskedFor() {
    assertEquals("", RandomName.of(0));
    assertTrue(RandomName.of(6).matches("[A-Za-z0-9]{6}"));
    // Each of the 62 is missing among so many with a chance of less than one in 10^40.
    assertEquals(62, RandomName.of(6_000).chars().distinct().count());
  }

  @Test
  void noNameIsDrawnTwice() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      names.add(RandomName.of(10));
    }
    assertEquals(100, names.size());
  }
}
