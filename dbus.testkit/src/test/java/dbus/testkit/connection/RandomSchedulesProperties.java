package dbus.testkit.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Guid;
import dbus.auth.Credentials;
import dbus.connection.ClientSide;
import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.ServerSide;
import dbus.connection.transport.ChannelTransport;
import dbus.connection.transport.TransportPair;
import dbus.testkit.connection.Step.Call;
import dbus.testkit.connection.Step.Close;
import dbus.testkit.connection.Step.Dependent;
import dbus.testkit.connection.Step.Flush;
import dbus.testkit.connection.Step.Order;
import dbus.testkit.connection.Step.Release;
import dbus.testkit.connection.Step.Signal;
import dbus.testkit.connection.Step.Unknown;
import dbus.testkit.connection.Step.Wait;
import dbus.testkit.connection.Step.Who;
import dbus.wire.MessageFlag;
import dbus.wire.MethodReturn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/// Handlers, signals, calls back, futures, interrupts, closes and failing code meet in random order
/// on both sides of a connection. Every call ends; what one side sends begins in order on the
/// other; the end is told once, and last; nothing is left charged.
@Label("CONN-50, CONN-51, CONN-54, CONN-55, CONN-31, CONN-32 random schedules")
class RandomSchedulesProperties {

  private final Semaphore gate = new Semaphore(0);
  private final Account account = new Account();
  private final Side client = new Side(gate);
  private final Side server = new Side(gate);
  private final List<CompletableFuture<?>> calls = new ArrayList<>();
  private final List<Thread> waiting = new ArrayList<>();
  private int number;

  @Provide
  Arbitrary<List<Step>> schedules() {
    return Step.schedules();
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void inMemory(@ForAll("schedules") List<Step> schedule) throws Exception {
    new RandomSchedulesProperties().run(TransportPair.inMemory(), schedule);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void overASocket(@ForAll("schedules") List<Step> schedule) throws Exception {
    new RandomSchedulesProperties().run(sockets(), schedule);
  }

  private static TransportPair sockets() throws IOException {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel dialled = SocketChannel.open(listening.getLocalAddress());
      Credentials both = Credentials.ofThisProcess();
      return new TransportPair(
          ChannelTransport.of(dialled, both), ChannelTransport.of(listening.accept(), both));
    }
  }

  private void run(TransportPair pair, List<Step> schedule) throws Exception {
    ServerSide serverSide =
        DBusConnection.serverSide(pair.server(), Guid.random())
            .budget(connection -> account)
            .onAuthenticated(connection -> {
              server.opens(connection);
              return true;
            });
    CompletableFuture<DBusConnection> serving = serverSide.accept();
    ClientSide clientSide = DBusConnection.clientSide(pair.client()).onAuthenticated(client::opens);
    var _ = clientSide.connect();
    var _ = serving.get(60, TimeUnit.SECONDS);
    schedule.forEach(this::take);
    end();
  }

  private Side side(Who who) {
    return who == Who.CLIENT ? client : server;
  }

  private void take(Step step) {
    try {
      switch (step) {
        case Call(var from, var handling, var dependent) -> {
          CompletableFuture<MethodReturn> call =
              side(from).connection().callAsync(Side.call(++number, handling), Side.LONG);
          calls.add(call);
          // What hangs on a future that is complete already runs at once, and may block.
          waiting.add(Thread.ofPlatform().daemon().start(() -> hang(call, dependent, side(from))));
        }
        case Wait(var from, var handling, var interrupted) -> {
          CompletableFuture<?> done = new CompletableFuture<>();
          calls.add(done);
          Thread thread =
              Thread.ofPlatform()
                  .daemon()
                  .start(() -> call(side(from).connection(), handling, done));
          waiting.add(thread);
          if (interrupted) {
            thread.interrupt();
          }
        }
        case Order(var from, var handling) -> {
          var _ =
              side(from)
                  .connection()
                  .send(Side.call(++number, handling).withFlags(MessageFlag.NO_REPLY_EXPECTED));
        }
        case Signal(var from, var handling) -> {
          var _ = side(from).connection().send(Side.signal(++number, handling));
        }
        case Unknown(var from) ->
            calls.add(side(from).connection().callAsync(Side.unknown(), Side.LONG));
        case Release(var count) -> gate.release(count);
        case Flush(var by) -> assertTrue(side(by).connection().flush(Side.LONG));
        case Close(var by, var atOnce) ->
            side(by).connection().close(atOnce ? Duration.ZERO : Duration.ofSeconds(5));
      }
    } catch (IOException ended) {
      // One of the steps before has closed it.
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void call(DBusConnection by, Step.Handling handling, CompletableFuture<?> done) {
    try {
      var _ = by.call(Side.call(-1, handling), Side.LONG);
      done.complete(null);
    } catch (dbus.connection.CallTimeoutException hangs) {
      done.completeExceptionally(new AssertionError(hangs));
    } catch (IOException | DBusErrorException | InterruptedException e) {
      done.complete(null);
    } catch (Throwable e) {
      done.completeExceptionally(new AssertionError(e));
    }
  }

  private void hang(CompletableFuture<MethodReturn> call, Dependent dependent, Side side) {
    var _ =
        switch (dependent) {
          case NOTHING -> call;
          case BLOCK -> call.whenComplete((reply, e) -> gate.acquireUninterruptibly());
          case THROW ->
              call.whenComplete((reply, e) -> {
                throw new IllegalStateException("on purpose");
              });
          case AWAIT_END ->
              call.whenComplete(
                  (reply, e) -> side.connection().closed().toCompletableFuture().join());
          case CALL_AGAIN ->
              call.thenCompose(reply -> side.connection().callAsync(Side.unknown(), Side.LONG));
        };
  }

  private void end() throws Exception {
    gate.release(1_000_000);
    client.answerKept();
    server.answerKept();
    client.connection().close();
    server.connection().close();
    client.answerKept();
    server.answerKept();
    client.end();
    server.end();
    for (CompletableFuture<?> call : calls) {
      ends(call);
    }
    for (Thread thread : waiting) {
      assertTrue(thread.join(Side.LONG), "a caller hangs");
    }
    inOrder(client.begun());
    inOrder(server.begun());
    awaitTrue(() -> client.ends() > 0 && server.ends() > 0, "the end is not told");
    awaitTrue(account::isSettled, "still charged");
    assertEquals(List.of(1, 1), List.of(client.ends(), server.ends()));
  }

  /// Not by get: who waits for a future may have to run what hangs on it.
  private static void ends(CompletableFuture<?> call) {
    long deadline = System.nanoTime() + Side.LONG.toNanos();
    while (!call.isDone()) {
      assertTrue(System.nanoTime() - deadline < 0, "a call never ends");
      Thread.onSpinWait();
    }
    try {
      var _ = call.getNow(null);
    } catch (CompletionException e) {
      assertTrue(
          e.getCause() instanceof IOException || e.getCause() instanceof DBusErrorException,
          () -> String.valueOf(e.getCause()));
    }
  }

  private static void inOrder(List<Integer> begun) {
    List<Integer> numbered = begun.stream().filter(one -> one > 0).toList();
    assertEquals(numbered.stream().sorted().toList(), numbered);
  }

  private void awaitTrue(BooleanSupplier condition, String otherwise) {
    long deadline = System.nanoTime() + Side.LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, () -> otherwise + ": " + account);
      Thread.onSpinWait();
    }
  }
}
