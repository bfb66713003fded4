package dbus.benchmarks;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.WireReader;
import dbus.wire.WireWriter;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A method call to be encoded and decoded, and how long that is measured.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public abstract class WireSetup {
  static final String PATH = "/org/example/Player";
  static final String INTERFACE = "org.example.Player";
  static final String MEMBER = "Update";

  final MethodCall call =
      MethodCall.of(new ObjectPath(PATH), new InterfaceName(INTERFACE), new MemberName(MEMBER));
  final MessageEncoder encoder = new MessageEncoder(2 * WireCase.MIB);
  final WireReader reader = Body.EMPTY.reader();
  final WireCase.Targets targets = new WireCase.Targets();
  Consumer<WireWriter> arguments;
  byte[] message;

  /// Makes the message with these arguments.
  void use(WireCase body) {
    arguments = body::write;
    message =
        MessageEncoder.encode(
            call.withBody(Body.write(body.signature(), arguments)), 1, ByteOrder.LITTLE_ENDIAN);
  }
}
