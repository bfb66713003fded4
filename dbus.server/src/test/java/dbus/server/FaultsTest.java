package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.connection.CallTimeoutException;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.Interface;
import dbus.connection.transport.Transport;
import dbus.server.FaultyTransport.Step;
import dbus.wire.Body;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("SERV-07, SEC-27 whatever fails at one peer, the server goes on, and nothing is left")
class FaultsTest {

  private final Witness witness = new Witness();
  private final MemoryListener listener = new MemoryListener();
  private DBusServer server;

  @BeforeEach
  void start() {
    server =
        DBusServer.of(
            DBusServer.at("unix:path=/in/memory")
                .listener(witness)
                .export(
                    "/a",
                    Interface.named("com.example.A1")
                        .method("Do", () -> {})
                        .method(
                            "Fail",
                            () -> {
                              throw new OutOfMemoryError("on purpose");
                            })
                        .build()),
            AuthPolicy.sameUser(),
            List.of(listener),
            List.of());
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static DBusConnection connect(Transport transport) throws Exception {
    return DBusConnection.clientSide(transport).connect();
  }

  private static void call(DBusConnection client, String member) throws Exception {
    var _ = client.call("/a", "com.example.A1", member, Body.EMPTY);
  }

  private void aGoodPeerIsServed() throws Exception {
    try (DBusConnection good = connect(listener.knock(one -> one))) {
      call(good, "Do");
    }
  }

  private void awaitNothingLeft() {
    while (true) {
      ServerCounters counters = server.counters();
      if (counters.unfinishedHandshakes() + counters.open() + counters.users() == 0) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  private static Stream<Arguments> faults() {
    List<Arguments> all = new ArrayList<>();
    List<Supplier<Throwable>> unchecked =
        List.of(
            () -> new IllegalStateException("on purpose"),
            () -> new OutOfMemoryError("on purpose"),
            () -> new StackOverflowError("on purpose"));
    for (Step step : Step.values()) {
      for (int passes = 0; passes < 4; passes++) {
        for (Supplier<Throwable> fault : unchecked) {
          all.add(Arguments.of(step, passes, fault.get().getClass().getSimpleName(), fault));
        }
      }
    }
    for (int passes = 0; passes < 4; passes++) {
      Supplier<Throwable> fault = () -> new IOException("on purpose");
      all.add(Arguments.of(Step.WRITE, passes, "IOException", fault));
    }
    return all.stream();
  }

  /// In the first passes it is the handshake that fails, then a call, then the end.
  @ParameterizedTest(name = "{0} fails after {1} times with {2}")
  @MethodSource("faults")
  void aStepOfATransportFails(Step step, int passes, String name, Supplier<Throwable> fault)
      throws Exception {
    List<FaultyTransport> faulty = new ArrayList<>();
    Transport peer =
        listener.knock(real -> {
          faulty.add(new FaultyTransport(real, step, passes, fault));
          return faulty.getFirst();
        });
    try (DBusConnection client = connect(peer)) {
      for (int i = 0; i < 3; i++) {
        call(client, "Do");
      }
    } catch (IOException failed) {
      // Whatever failed on the server's side, the client is told that the connection is over.
      assertFalse(failed instanceof CallTimeoutException, failed::toString);
    }
    aGoodPeerIsServed();
    awaitNothingLeft();
    assertTrue(faulty.getFirst().isClosed());
    ServerCounters counters = server.counters();
    assertEquals(step == Step.CREDENTIALS && passes == 0 ? 1 : 2, counters.accepted());
    assertEquals(
        counters.accepted(),
        counters.authenticated()
            + counters.refused(RefusalReason.NO_RESOURCES)
            + counters.authenticationFailed().values().stream().mapToLong(n -> n).sum());
    assertEquals(ServerState.ACTIVE, server.state());
  }

  private static Stream<Callable<Transport>> failures() {
    return Stream.of(
        () -> {
          throw new IOException("Too many open files");
        },
        () -> {
          throw new SocketException("Software caused connection abort");
        },
        () -> {
          throw new IllegalStateException("on purpose");
        },
        () -> {
          throw new OutOfMemoryError("on purpose");
        },
        () -> {
          throw new StackOverflowError("on purpose");
        });
  }

  @ParameterizedTest
  @MethodSource("failures")
  @DisplayName("SERV-07, SEC-12 accepting that fails is told, and tried again")
  void acceptingFails(Callable<Transport> how) throws Exception {
    aGoodPeerIsServed();
    listener.fail(how);
    listener.fail(how);
    aGoodPeerIsServed();
    Throwable told = Witness.next(witness.acceptFailures);
    assertSame(told.getClass(), Witness.next(witness.acceptFailures).getClass());
    assertEquals(2, server.counters().acceptFailures());
    awaitNothingLeft();
  }

  @Test
  @DisplayName("a peer that there is no thread for is refused, counted, and its socket closed")
  void noThread() throws Exception {
    List<FaultyTransport> faulty = new ArrayList<>();
    Transport peer =
        listener.knock(real -> {
          faulty.add(
              new FaultyTransport(
                  real, Step.START, 0, () -> new OutOfMemoryError("unable to create a thread")));
          return faulty.getFirst();
        });
    assertEquals(RefusalReason.NO_RESOURCES, Witness.next(witness.refusals));
    assertInstanceOf(OutOfMemoryError.class, Witness.next(witness.acceptFailures));
    assertTrue(faulty.getFirst().isClosed());
    peer.close();
    aGoodPeerIsServed();
    assertEquals(List.of("accepted", "refused NO_RESOURCES"), witness.toldOf(1));
  }

  @Test
  @DisplayName("a handler that runs out of memory is answered for, and its connection goes on")
  void aHandlerFails() throws Exception {
    try (DBusConnection client = connect(listener.knock(one -> one))) {
      assertThrows(DBusErrorException.class, () -> call(client, "Fail"));
      call(client, "Do");
    }
    awaitNothingLeft();
  }

  @Test
  @DisplayName("SEC-27 answering a peer that has just gone harms nobody")
  void answeringOneWhoHasGone() throws Exception {
    try (DBusConnection good = connect(listener.knock(one -> one))) {
      for (int i = 0; i < 200; i++) {
        DBusConnection leaving = connect(listener.knock(one -> one));
        var reply =
            leaving.callAsync(
                RawClient.call("/a", "com.example.A1", "Do"), DBusConnection.DEFAULT_TIMEOUT);
        leaving.close(Duration.ZERO);
        var _ = reply.handle((answer, failure) -> answer).get(60, TimeUnit.SECONDS);
      }
      call(good, "Do");
    }
    awaitNothingLeft();
  }
}
