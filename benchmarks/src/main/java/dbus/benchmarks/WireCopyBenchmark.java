package dbus.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the machine needs to copy 1 MiB once: the limit for [WireCase#BYTES] and [WireCase#INTS].
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WireCopyBenchmark {
  private final byte[] from = new byte[WireCase.MIB];
  private final ByteBuffer to = ByteBuffer.allocate(WireCase.MIB + 16);

  /// Into memory that is there.
  @Benchmark
  public ByteBuffer copy() {
    return to.clear().position(8).put(from);
  }

  /// Into a new array, as a method that returns an array must.
  @Benchmark
  public byte[] copyToNew() {
    return from.clone();
  }
}
