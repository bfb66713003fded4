package dbus.benchmarks;

import dbus.address.AddressList;
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

/// How long it takes to read and print a list of five addresses.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AddressBenchmark {

  String text =
      "unix:path=/run/user/1000/bus,guid=0123456789abcdef0123456789abcdef;"
          + "unix:abstract=/tmp/dbus-Xy%3a1;"
          + "unix:tmpdir=/tmp;"
          + "tcp:host=localhost,port=4711,family=ipv4;"
          + "nonce-tcp:host=127.0.0.1,port=4712,noncefile=/tmp/nonce";

  AddressList list = AddressList.parse(text);

  @Benchmark
  public AddressList parse() {
    return AddressList.parse(text);
  }

  @Benchmark
  public String format() {
    return list.toString();
  }
}
