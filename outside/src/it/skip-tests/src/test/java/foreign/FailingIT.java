package foreign;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class FailingIT {

  @Test
  void runsThoughNobodyWantsIt() {
    fail("this test was to be skipped");
  }
}
