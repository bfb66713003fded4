package dbus.benchmarks;

import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.WireReader;
import dbus.wire.WireWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs that cursors know arrays alone: other memory is copied, once a message. And what
/// it would cost if they knew all memory: the same walk over an array and over a `MemorySegment`,
/// in a JVM that has met both kinds.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WireMemoryBenchmark {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LENGTH = 64 << 10;

  @Param({"EMPTY", "STRING", "PROPERTIES", "STRUCTS", "INTS"})
  public WireCase body;

  private final MethodCall call =
      MethodCall.of(
          new ObjectPath("/org/example/Player"),
          new InterfaceName("org.example.Player"),
          new MemberName("Update"));
  private final MessageEncoder encoder = new MessageEncoder(2 * WireCase.MIB);
  private final WireReader reader = Body.EMPTY.reader();
  private final WireCase.Targets targets = new WireCase.Targets();
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(2 * WireCase.MIB);
  private Consumer<WireWriter> arguments;
  private byte[] message;
  private byte[] kept;
  private ByteBuffer direct;

  private final byte[] array = new byte[LENGTH];
  private final MemorySegment overArray = MemorySegment.ofArray(array);
  private final MemorySegment outside = Arena.ofAuto().allocate(LENGTH);

  @Setup
  public void setUp() {
    arguments = body::write;
    message =
        MessageEncoder.encode(
            call.withBody(Body.write(body.signature(), arguments)), 1, ByteOrder.LITTLE_ENDIAN);
    kept = new byte[message.length];
    direct = ByteBuffer.allocateDirect(message.length).put(message).flip();
    // Strides between 4 and 11, as values have them.
    for (int i = 0; i < LENGTH; i++) {
      array[i] = (byte) (i * 7 % 8);
    }
    outside.copyFrom(overArray);
    for (int i = 0; i < 20_000; i++) {
      walk(i % 2 == 0 ? overArray : outside);
    }
  }

  private long read(MethodCall received) {
    reader.reset(received.body());
    return body.read(reader, targets) + received.member().value().length();
  }

  @Benchmark
  public long decodeArray() throws InvalidMessageException {
    return read((MethodCall) MessageDecoder.decode(message));
  }

  @Benchmark
  public long decodeDirect() throws InvalidMessageException {
    return read((MethodCall) MessageDecoder.decode(direct));
  }

  /// As who wants no new array does it.
  @Benchmark
  public long decodeDirectByKeptArray() throws InvalidMessageException {
    direct.get(0, kept);
    return read((MethodCall) MessageDecoder.decode(kept));
  }

  @Benchmark
  public int encodeArray() {
    int length = encoder.append(call, 1, body.signature(), arguments);
    ByteBuffer bytes = encoder.peek();
    encoder.discard(length);
    return bytes.get(length - 1);
  }

  @Benchmark
  public int encodeDirect() {
    encoder.append(call, 1, body.signature(), arguments);
    return encoder.drainTo(outgoing.clear());
  }

  @Benchmark
  public long walkArray() {
    return walk(array);
  }

  @Benchmark
  public long walkSegmentOverArray() {
    return walk(overArray);
  }

  @Benchmark
  public long walkSegmentOutside() {
    return walk(outside);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static long walk(byte[] data) {
    long sum = 0;
    int at = 0;
    while (at < LENGTH - 16) {
      int value = (int) INTS.get(data, at);
      sum += value;
      at += 4 + (value & 7);
    }
    return sum;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static long walk(MemorySegment data) {
    long sum = 0;
    int at = 0;
    while (at < LENGTH - 16) {
      int value = data.get(INT, at);
      sum += value;
      at += 4 + (value & 7);
    }
    return sum;
  }
}
