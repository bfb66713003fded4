package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Receiver;
import dbus.connection.transport.Transport;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is stopped or closed while something else is going on.
class StoppingTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s"));
  }

  private void waitAtGate() {
    reached.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("SERV-04 closing ends also a peer that a handler of new connections still looks at")
  void aPeerThatIsShown() throws Exception {
    BlockingQueue<DBusConnection> shown = new LinkedBlockingQueue<>();
    DBusServer server =
        server()
            .listener(witness)
            .onConnection(connection -> {
              shown.add(connection);
              waitAtGate();
            })
            .start();
    try (RawClient client = RawClient.hasty(server)) {
      DBusConnection connection = Witness.next(shown);
      server.close();
      client.awaitEnd();
      assertTrue(connection.isClosed());
      gate.countDown();
      // The handler wanted it: so it is told as one that was closed.
      assertEquals(CloseReason.Kind.LOCAL, Witness.next(witness.closed).kind());
      assertEquals(
          List.of("accepted", "authenticated EXTERNAL", "closed LOCAL"), witness.toldOf(1));
    } finally {
      gate.countDown();
    }
  }

  @Test
  @DisplayName("SERV-03 a peer that is being accepted when the server is stopped is refused")
  void aPeerThatIsBeingAccepted() throws Exception {
    MemoryListener place = new MemoryListener();
    CountDownLatch closed = new CountDownLatch(1);
    DBusServer server =
        DBusServer.of(server().listener(witness), AuthPolicy.sameUser(), List.of(place), List.of());
    server.start();
    try (server;
        Transport client =
            place.knock(real -> new LetIn(real, this::waitAtGate, () -> {}, closed::countDown))) {
      reached.await();
      assertEquals(0, client.maxUnixFds());
      server.stop();
      gate.countDown();
      closed.await();
      assertEquals(RefusalReason.STOPPED, Witness.next(witness.refusals));
      assertEquals(List.of("accepted", "refused STOPPED"), witness.toldOf(1));
      assertEquals(0, server.counters().unfinishedHandshakes());
    } finally {
      gate.countDown();
    }
  }

  /// A peer on its way in.
  ///
  /// @param asked is run when it is asked who it is, which is before it is let in
  /// @param before is run between the moment when it is let in and the one when its handshake
  ///   begins
  private record LetIn(Transport real, Runnable asked, Runnable before, Runnable closed)
      implements Transport {

    @Override
    public void start(Receiver receiver) {
      before.run();
      real.start(receiver);
    }

    @Override
    public void readElsewhere() {
      real.readElsewhere();
    }

    @Override
    public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
      real.write(bytes, unixFds);
    }

    @Override
    public Credentials credentials() {
      asked.run();
      return real.credentials();
    }

    @Override
    public int maxUnixFds() {
      return real.maxUnixFds();
    }

    @Override
    public void close() {
      closed.run();
      real.close();
    }
  }

  @Test
  @DisplayName("SERV-03 so is one that was let in, and whose handshake was about to begin")
  void aPeerThatIsAboutToBegin() throws Exception {
    MemoryListener place = new MemoryListener();
    DBusServer server =
        DBusServer.of(server().listener(witness), AuthPolicy.sameUser(), List.of(place), List.of());
    try (server;
        Transport client =
            place.knock(real -> new LetIn(real, () -> {}, this::waitAtGate, () -> {}))) {
      server.start();
      reached.await();
      assertEquals(0, client.maxUnixFds());
      server.stop();
      assertEquals(RefusalReason.STOPPED, Witness.next(witness.refusals));
      gate.countDown();
      while (server.counters().unfinishedHandshakes() > 0) {
        Thread.onSpinWait();
      }
    } finally {
      gate.countDown();
    }
    assertEquals(List.of("accepted", "refused STOPPED"), witness.toldOf(1));
    assertTrue(witness.failures.isEmpty());
  }

  @Test
  @DisplayName("SERV-03, SERV-18 who closes waits for who stops, until nothing is left to remove")
  void stoppedByAnotherThread() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    ServerListener states =
        new ServerListener() {
          @Override
          public void stateChanged(ServerState state) {
            told.add(state.name());
          }
        };
    MemoryListener place =
        new MemoryListener() {
          @Override
          public void close() {
            waitAtGate();
            told.add("removed");
            super.close();
          }
        };
    DBusServer server =
        DBusServer.of(server().listener(states), AuthPolicy.sameUser(), List.of(place), List.of());
    server.start();
    Thread stopping = Thread.ofPlatform().start(server::stop);
    reached.await();
    Thread closing = Thread.ofPlatform().start(server::close);
    while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
      Thread.onSpinWait();
    }
    assertEquals(List.of("ACTIVE", "STOPPED"), List.of(Witness.next(told), Witness.next(told)));
    gate.countDown();
    closing.join();
    stopping.join();
    assertEquals(List.of("removed", "CLOSED"), List.of(Witness.next(told), Witness.next(told)));
  }
}
