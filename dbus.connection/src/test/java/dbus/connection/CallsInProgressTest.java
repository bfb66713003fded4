package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dbus.connection.CallsInProgress.Entry;
import dbus.connection.CallsInProgress.Parked;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Calls beyond the limit wait in memory, up to a limit in bytes; beyond that, in the socket.
class CallsInProgressTest {

  private static final long BYTES = 600;

  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final CallsInProgress calls =
      new CallsInProgress(
          1,
          1000,
          new Spending().queue(),
          () -> said.add("over budget"),
          () -> said.add("about to wait"),
          () -> said.add("over"));

  private Parked call(String name) {
    return new Parked(() -> said.add("begun " + name), () -> said.add("dropped " + name), BYTES);
  }

  /// Parks three, of which the last is too much.
  private Thread parkThree(CompletableFuture<Void> parked) throws InterruptedException {
    assertEquals(Entry.BEGUN, calls.enter(BYTES));
    calls.park(call("one"));
    calls.park(call("two"));
    Thread reading =
        Thread.ofPlatform()
            .start(() -> {
              try {
                calls.park(call("three"));
                parked.complete(null);
              } catch (InterruptedException e) {
                parked.completeExceptionally(e);
              }
            });
    while (reading.getState() != Thread.State.WAITING) {
      assertFalse(parked.isDone(), "it did not wait");
      Thread.onSpinWait();
    }
    return reading;
  }

  @Test
  @DisplayName(
      "CONN-13, CONN-41 reading waits while too many bytes wait, and goes on when some began")
  void waits() throws Exception {
    CompletableFuture<Void> parked = new CompletableFuture<>();
    var _ = parkThree(parked);
    calls.end(BYTES);
    parked.get(30, TimeUnit.SECONDS);
    calls.end(BYTES);
    calls.end(BYTES);
    assertEquals(
        List.of("about to wait", "begun one", "begun two", "begun three"), List.copyOf(said));
  }

  @Test
  @DisplayName(
      "CONN-38, CONN-41 the end of the connection ends the wait, and what waited is dropped")
  void ends() throws Exception {
    CompletableFuture<Void> parked = new CompletableFuture<>();
    var _ = parkThree(parked);
    calls.close();
    parked.get(30, TimeUnit.SECONDS);
    assertEquals(
        List.of("about to wait", "dropped one", "dropped three", "dropped two"),
        said.stream().sorted().toList());
  }

  @Test
  @DisplayName("CONN-35 when the stream has ended, one is told of the last answer, once")
  void over() {
    assertEquals(Entry.BEGUN, calls.enter(BYTES));
    calls.streamEnded();
    assertEquals(List.of(), List.copyOf(said));
    calls.end(BYTES);
    assertEquals(List.of("over"), List.copyOf(said));
  }
}
