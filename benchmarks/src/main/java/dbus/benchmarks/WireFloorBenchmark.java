package dbus.benchmarks;

import dbus.wire.Body;
import dbus.wire.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What nobody can be faster than: one part alone of what [WireBenchmark] measures whole, without
/// any of the library's code. A library that hands out strings has to make them, and one that takes
/// strings has to copy their characters.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WireFloorBenchmark {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  @Param({"STRING", "PROPERTIES", "STRUCTS"})
  public WireCase body;

  private final WireCase.Targets targets = new WireCase.Targets();
  private String[] texts;
  private byte[] bytes;
  private int[] ends;
  private byte[] values;

  @Setup
  public void setUp() {
    Body marshalled = Body.write(body.signature(), body::write);
    List<String> found = new ArrayList<>();
    marshalled.values().forEach(value -> collect(value, found));
    texts = found.toArray(String[]::new);
    bytes = String.join("", texts).getBytes(StandardCharsets.US_ASCII);
    ends = new int[texts.length];
    int end = 0;
    for (int i = 0; i < texts.length; i++) {
      end += texts[i].length();
      ends[i] = end;
    }
    ByteBuffer view = marshalled.bytes();
    values = new byte[view.remaining()];
    view.get(values);
  }

  private static void collect(Value value, List<String> found) {
    switch (value) {
      case Value.Str(String text) -> found.add(text);
      case Value.Variant(Value inner) -> collect(inner, found);
      case Value.Array array -> array.items().forEach(item -> collect(item, found));
      case Value.Struct(List<Value> fields) -> fields.forEach(field -> collect(field, found));
      case Value.Dict dict ->
          dict.entries()
              .forEach(entry -> {
                collect(entry.key(), found);
                collect(entry.value(), found);
              });
      default -> {}
    }
  }

  /// Makes the strings of the message, as the JDK makes them of bytes that are known to be ASCII.
  @Benchmark
  @SuppressWarnings("deprecation") // The shortest way.
  public int makeStrings() {
    int sum = 0;
    int from = 0;
    for (int end : ends) {
      sum += targets.keep(new String(bytes, 0, from, end - from));
      from = end;
    }
    return sum;
  }

  /// Copies the characters of the strings, without a look at what they are.
  @Benchmark
  @SuppressWarnings("deprecation") // The only way without an allocation.
  public int copyStrings() {
    int at = 0;
    for (String text : texts) {
      text.getBytes(0, text.length(), bytes, at);
      at += text.length();
    }
    return at;
  }

  /// Looks at every byte of the body, eight a step.
  @Benchmark
  public long lookAtBytes() {
    long bits = 0;
    for (int at = 0; at + Long.BYTES <= values.length; at += Long.BYTES) {
      bits |= (long) LONGS.get(values, at);
    }
    return bits;
  }
}
