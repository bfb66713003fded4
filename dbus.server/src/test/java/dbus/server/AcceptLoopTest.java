package dbus.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import dbus.connection.transport.TransportPair;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The thread that accepts, where one thing after the other goes wrong.
@DisplayName("SERV-07, SEC-12 whatever fails, the loop goes on to accept")
class AcceptLoopTest {

  private final CountDownLatch served = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean active = true;

  @AfterEach
  void stop() {
    active = false;
    stopped.countDown();
  }

  /// A socket at which the first accept fails, and to which then one peer comes.
  private final class Socket implements Acceptor {

    private final TransportPair pair = TransportPair.inMemory();
    private boolean failed;
    private boolean came;

    @Override
    public Transport accept() throws IOException {
      if (!failed) {
        failed = true;
        throw new IOException("Too many open files");
      }
      if (came) {
        awaitStop();
        throw new IOException("closed");
      }
      came = true;
      return pair.server();
    }

    private void awaitStop() throws IOException {
      try {
        stopped.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {}
  }

  private final class Visitor implements AcceptLoop.Admission {
    @Override
    public void serveHere() {
      served.countDown();
    }

    @Override
    public void giveUp() {}
  }

  private void startAsking(BooleanSupplier isActive, Runnable report) throws Exception {
    new AcceptLoop(
            new Socket(),
            transport -> Optional.of(new Visitor()),
            failure -> report.run(),
            isActive,
            stopped)
        .start();
    assertTrue(served.await(30, TimeUnit.SECONDS), "nobody accepts");
  }

  /// Throws what it is given, one after the other, and then no more.
  private static void failOnceWith(Queue<Error> errors) {
    Error next = errors.poll();
    if (next != null) {
      throw next;
    }
  }

  @Test
  @DisplayName("where it is asked whether the server is still there, while something else failed")
  void inTheMiddleOfAFailure() throws Exception {
    // The first time it is asked before anything has failed.
    Queue<Optional<Error>> answers =
        new ArrayDeque<>(
            List.of(
                Optional.of(new NoClassDefFoundError("early")),
                Optional.of(new OutOfMemoryError("again")),
                Optional.empty(),
                Optional.of(new NoClassDefFoundError("late"))));
    startAsking(
        () -> {
          Optional<Error> answer = Optional.ofNullable(answers.poll()).flatMap(it -> it);
          if (answer.isPresent()) {
            throw answer.get();
          }
          return active;
        },
        () -> {});
  }

  @Test
  @DisplayName("where the failure cannot be told")
  void cannotBeTold() throws Exception {
    Queue<Error> errors = new ArrayDeque<>(List.of(new NoClassDefFoundError("time zones")));
    startAsking(() -> active, () -> failOnceWith(errors));
  }
}
