package dbus.testkit.interop;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.BOOLEAN;
import static dbus.wire.Codec.BYTE;
import static dbus.wire.Codec.BYTES;
import static dbus.wire.Codec.DOUBLE;
import static dbus.wire.Codec.INT16;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.INT64;
import static dbus.wire.Codec.OBJECT_PATH;
import static dbus.wire.Codec.SIGNATURE;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT16;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.UINT64;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.listOf;
import static dbus.wire.Codec.mapOf;
import static java.nio.charset.StandardCharsets.UTF_8;

import dbus.auth.Credentials;
import dbus.connection.Argument.In;
import dbus.connection.Argument.Out;
import dbus.connection.DBusErrorException;
import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.connection.Property;
import dbus.connection.UnixFd;
import dbus.connection.introspection.EmitsChanged;
import dbus.server.DBusServerBuilder;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The object that other implementations are tried against, feature by feature:
/// `dbus.testkit.Interop1` at `/dbus/testkit/Interop`.
///
/// Its contract is the project's `interop.xml`.
public final class InteropService {

  /// Where it stands.
  public static final ObjectPath PATH = new ObjectPath("/dbus/testkit/Interop");

  private static final Logger LOG = System.getLogger(InteropService.class.getName());

  private static final String VERSION = "1";

  /// What `WhoAmI` says of a number that is not known.
  private static final long UNKNOWN = 0xFFFF_FFFFL;

  private record Sample(int number, String text, List<Double> values) {}

  private static final Codec<Sample> SAMPLE =
      Codec.struct(
          INT32, STRING, listOf(DOUBLE), Sample::new, Sample::number, Sample::text, Sample::values);

  private static final List<Codec<?>> ONE_OF_EACH =
      List.of(
          BYTE,
          BOOLEAN,
          INT16,
          UINT16,
          INT32,
          UINT32,
          INT64,
          UINT64,
          DOUBLE,
          STRING,
          OBJECT_PATH,
          SIGNATURE,
          listOf(STRING),
          mapOf(STRING, VARIANT),
          SAMPLE,
          BYTES);

  private final AtomicLong counter = new AtomicLong();
  private volatile String note = "";
  private volatile String secret = "";

  private InteropService() {}

  /// Exports a new one.
  public static void exportTo(DBusServerBuilder server) {
    var _ = server.export(PATH.value(), new InteropService().description());
  }

  private Interface description() {
    return Interface.named("dbus.testkit.Interop1")
        .method(
            "Echo",
            List.of(in("value", VARIANT)),
            List.of(out("value", VARIANT)),
            call -> call.reply(call.message().body()))
        .method("EchoMany", takenEach(), givenEach(), call -> call.reply(call.message().body()))
        .method(
            "Sum",
            in("numbers", Codec.INT32_ARRAY),
            out("sum", INT64),
            numbers -> Arrays.stream(numbers).asLongStream().sum())
        .method("Fail", in("name", STRING), in("message", STRING), InteropService::fail)
        .method("Sleep", List.of(in("milliseconds", UINT32)), List.of(), InteropService::sleep)
        .method(
            "EmitPinged",
            List.of(in("text", STRING), in("count", UINT32)),
            List.of(),
            InteropService::emitPinged)
        .signal("Pinged", out("text", STRING), out("index", UINT32))
        .method("OpenPipe", in("text", STRING), out("reader", UNIX_FD), InteropService::openPipe)
        .method("ReadFd", in("reader", UNIX_FD), out("text", STRING), InteropService::readFd)
        .concurrent("Sleep")
        .concurrent("ReadFd")
        .method(
            "WhoAmI",
            List.of(),
            List.of(out("uid", UINT32), out("pid", UINT32), out("mechanism", STRING)),
            InteropService::whoAmI)
        .method("CallBack", List.of(), List.of(out("answered", BOOLEAN)), InteropService::callBack)
        .property(Property.readOnly("Version", STRING, () -> VERSION).emits(EmitsChanged.CONST))
        .property("Counter", UINT32, counter::get, counter::set)
        .property(
            Property.readWrite("Note", STRING, () -> note, text -> note = text)
                .emits(EmitsChanged.INVALIDATES))
        .property(Property.writeOnly("Secret", STRING, text -> secret = text))
        .build();
  }

  private static List<In<?>> takenEach() {
    return ONE_OF_EACH.stream().<In<?>>map(codec -> in("", codec)).toList();
  }

  private static List<Out<?>> givenEach() {
    return ONE_OF_EACH.stream().<Out<?>>map(codec -> out("", codec)).toList();
  }

  private static void fail(String name, String message) throws DBusErrorException {
    throw new DBusErrorException(
        ErrorName.isValid(name) ? new ErrorName(name) : ErrorName.INVALID_ARGS, message);
  }

  /// Holds no thread meanwhile.
  private static void sleep(Invocation call) {
    CompletableFuture.delayedExecutor(UINT32.read(call.reader()), TimeUnit.MILLISECONDS)
        .execute(call::reply);
  }

  private static void emitPinged(Invocation call) {
    WireReader arguments = call.reader();
    Value text = new Value.Str(STRING.read(arguments));
    long count = UINT32.read(arguments);
    for (long i = 0; i < count; i++) {
      call.emit("Pinged", Body.of(text, new Value.UInt32(i)));
    }
    call.reply();
  }

  private static UnixFd openPipe(String text) throws IOException {
    UnixFd.Pipe pipe = UnixFd.pipe();
    // On a thread of its own: a pipe that is full makes its writer wait.
    Thread.ofPlatform().name("interop-pipe").daemon().start(() -> write(text, pipe.writer()));
    return pipe.reader();
  }

  private static void write(String text, UnixFd writer) {
    try (FileOutputStream out = writer.outputStream()) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException nobodyReads) {
      LOG.log(Level.DEBUG, "a pipe was closed before it was read to its end", nobodyReads);
    }
  }

  private static String readFd(UnixFd reader) throws IOException {
    try (FileInputStream in = reader.inputStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static void whoAmI(Invocation call) {
    Credentials caller = call.connection().credentials();
    call.reply(
        new Value.UInt32(orUnknown(caller.uid())),
        new Value.UInt32(orUnknown(caller.pid())),
        new Value.Str(call.connection().mechanism()));
  }

  private static void callBack(Invocation call) throws InterruptedException {
    MethodCall ping =
        MethodCall.of(
            ObjectPath.ROOT,
            new InterfaceName("org.freedesktop.DBus.Peer"),
            new MemberName("Ping"));
    boolean answered;
    try {
      var _ = call.connection().call(ping, Duration.ofSeconds(2));
      answered = true;
    } catch (DBusErrorException | IOException e) {
      answered = false;
    }
    call.reply(new Value.Bool(answered));
  }

  private static long orUnknown(OptionalLong number) {
    return number.orElse(UNKNOWN);
  }
}
