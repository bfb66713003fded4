package dbus.testkit.connection;

import static dbus.connection.Argument.in;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;

import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.connection.SignalMatch;
import dbus.testkit.connection.Step.Handling;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One of two peers, with handlers that do what the message tells them, and note when they begin.
final class Side {

  static final Duration LONG = Duration.ofSeconds(60);

  private static final ObjectPath PATH = new ObjectPath("/com/example/Any");
  private static final InterfaceName NAME = new InterfaceName("com.example.Any1");
  private static final MemberName DO = new MemberName("Do");

  private final Semaphore gate;
  private final Queue<Integer> begun = new ConcurrentLinkedQueue<>();
  private final Queue<Invocation> kept = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ends = new AtomicInteger();
  private final CompletableFuture<DBusConnection> connection = new CompletableFuture<>();

  /// Its text cannot be had.
  private static final class Nasty extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("on purpose");
    }
  }

  /// @param gate holds up what blocks
  Side(Semaphore gate) {
    this.gate = gate;
  }

  /// Before its first message is read.
  void opens(DBusConnection opened) {
    var _ = opened.closed().thenRun(ends::incrementAndGet);
    var _ =
        opened.export(
            PATH,
            Interface.named(NAME.value())
                .method(
                    DO.value(),
                    List.of(in("number", INT32), in("what", STRING)),
                    List.of(),
                    this::handle)
                .build());
    var _ = opened.subscribe(SignalMatch.all(), this::handle);
    connection.complete(opened);
  }

  DBusConnection connection() {
    return connection.join();
  }

  /// The numbers of what has begun, in that order.
  List<Integer> begun() {
    return List.copyOf(begun);
  }

  /// How often the end was told.
  int ends() {
    return ends.get();
  }

  CloseReason end() throws Exception {
    return connection().closed().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  static MethodCall call(int number, Handling handling) {
    return MethodCall.of(PATH, NAME, DO).withBody(body(number, handling));
  }

  static MethodCall unknown() {
    return MethodCall.of(PATH, NAME, new MemberName("Nothing"));
  }

  static Signal signal(int number, Handling handling) {
    return Signal.of(PATH, NAME, DO).withBody(body(number, handling));
  }

  private static Body body(int number, Handling handling) {
    return Body.of(new Value.Int32(number), new Value.Str(handling.name()));
  }

  private void handle(Invocation call) throws Exception {
    WireReader reader = call.reader();
    begun.add(reader.readInt32());
    Handling handling = Handling.valueOf(reader.readString());
    switch (handling) {
      case KEEP -> kept.add(call);
      case FORGET -> {}
      case CALL_BACK_LATER -> {
        var _ =
            connection()
                .callAsync(call(-1, Handling.QUICK), LONG)
                .whenComplete((reply, failure) -> call.reply());
      }
      default -> {
        does(handling);
        call.reply();
      }
    }
  }

  private void handle(Signal signal) {
    WireReader reader = signal.body().reader();
    begun.add(reader.readInt32());
    try {
      does(Handling.valueOf(reader.readString()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void does(Handling handling) throws Exception {
    switch (handling) {
      case BLOCK -> gate.acquire();
      case THROW -> throw new IllegalStateException("on purpose");
      case THROW_NASTY -> throw new Nasty();
      case CALL_BACK -> {
        MethodReturn reply = connection().call(call(-1, Handling.QUICK), LONG);
        if (!reply.body().isEmpty()) {
          throw new AssertionError(reply);
        }
      }
      case INTERRUPT_ITSELF -> Thread.currentThread().interrupt();
      case CLOSE -> connection().close(Duration.ZERO);
      case QUICK, KEEP, FORGET, CALL_BACK_LATER -> {}
    }
  }

  /// Answers what was kept.
  void answerKept() {
    for (Invocation call = kept.poll(); call != null; call = kept.poll()) {
      call.reply();
    }
  }
}
