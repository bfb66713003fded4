package dbus.benchmarks;

import dbus.wire.InvalidMessageException;
import dbus.wire.MessageDecoder;
import dbus.wire.MethodCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What it costs that cursors know arrays alone: other memory is copied, once a message. And what
/// it would cost if they knew all memory: the same walk over an array and over a `MemorySegment`,
/// in a JVM that has met both kinds.
public class WireMemoryBenchmark extends WireSetup {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LENGTH = 64 << 10;

  @Param({"EMPTY", "STRING", "PROPERTIES", "STRUCTS", "INTS"})
  public WireCase body;

  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(2 * WireCase.MIB);
  private byte[] kept;
  private ByteBuffer direct;

  private final byte[] array = new byte[LENGTH];
  private final MemorySegment overArray = MemorySegment.ofArray(array);
  private final MemorySegment outside = Arena.ofAuto().allocate(LENGTH);

  @Setup
  public void setUp() {
    use(body);
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
