package dbus.benchmarks;

import dbus.address.Address;
import dbus.address.UnixPath;
import dbus.server.DBusServer;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MessageEncoder;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// How long a Ping of a good peer takes while others misbehave (SERV-33): alone; beside as many
/// threads that do nothing but want a CPU as a flood has, one that sends and one that reads; and
/// beside 64 silent handshakes and one flooder. In turns, in one run, so that what else goes on on
/// the machine meets all three alike. The server is a process of its own.
///
/// The second of them tells what the machine is to blame for: where there are fewer CPUs than
/// threads that want one, whoever pings waits for a CPU, whatever the server does.
///
/// Arguments: how many rounds, and how many pings each time; 20 and 2000 if they are left out.
public final class MisbehavingPeers {

  /// As many as a server has at a time by default.
  private static final int SILENT = 64;

  private static final int SIGNALS_AT_ONCE = 100;

  private final Path socket;
  private final int pings;

  /// How many signals the flooder has sent while others pinged, and in how many nanoseconds.
  private long flooded;

  private long floodTime;

  private MisbehavingPeers(Path socket, int pings) {
    this.socket = socket;
    this.pings = pings;
  }

  /// What goes on beside the pings.
  private enum Company {
    NOBODY,
    TWO_BUSY_THREADS,
    MISBEHAVING_PEERS;

    private final List<long[]> rounds = new ArrayList<>();
  }

  /// Measures, or is the server.
  public static void main(String... arguments) throws Exception {
    if (arguments.length == 1 && arguments[0].equals("serve")) {
      serve();
      return;
    }
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    int pings = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MisbehavingPeers.class.getName(),
                "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = server.inputReader()) {
      UnixPath address = (UnixPath) Address.parse(out.readLine());
      new MisbehavingPeers(address.path().toPath(), pings).run(rounds);
    } finally {
      // The end of its input is its own.
      server.getOutputStream().close();
      server.waitFor();
    }
  }

  private static void serve() throws Exception {
    try (DBusServer server = DBusServer.at("unix:tmpdir=/tmp").start()) {
      System.out.println(server.clientAddress());
      while (System.in.read() >= 0) {
        // Nobody writes there.
      }
    }
  }

  private void run(int rounds) throws Exception {
    try (PingClient good = PingClient.authenticated(socket)) {
      // Once for each to be compiled; in nobody's figures.
      for (Company company : Company.values()) {
        var _ = round(good, company, 10 * pings);
      }
      for (int i = 0; i < rounds; i++) {
        for (Company company : Company.values()) {
          company.rounds.add(round(good, company, pings));
        }
      }
    }
    System.out.printf("%d rounds of %d pings each, in microseconds%n", rounds, pings);
    System.out.println("| beside | p50 | p99 | p99, of the median round | worst |");
    System.out.println("| --- | ---: | ---: | ---: | ---: |");
    for (Company company : Company.values()) {
      report(company);
    }
    System.out.printf(
        Locale.ROOT, "The flooder sent %.0f signals a second.%n", flooded * 1e9 / floodTime);
  }

  private long[] round(PingClient good, Company company, int count) throws Exception {
    return switch (company) {
      case NOBODY -> measure(good, count);
      case TWO_BUSY_THREADS -> besideBusyThreads(good, count);
      case MISBEHAVING_PEERS -> besidePeers(good, count);
    };
  }

  private static long[] measure(PingClient good, int count) throws Exception {
    long[] took = new long[count];
    for (int i = 0; i < count; i++) {
      took[i] = good.ping();
    }
    Arrays.sort(took);
    return took;
  }

  private static long[] besideBusyThreads(PingClient good, int count) throws Exception {
    List<Thread> busy = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        busy.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    // Without a hint to the CPU that it is in vain.
                  }
                }));
      }
      return measure(good, count);
    } finally {
      for (Thread thread : busy) {
        thread.interrupt();
        thread.join();
      }
    }
  }

  private long[] besidePeers(PingClient good, int count) throws Exception {
    List<PingClient> silent = new ArrayList<>();
    AtomicLong sent = new AtomicLong();
    Thread flood;
    long[] took;
    try (PingClient flooder = PingClient.authenticated(socket)) {
      for (int i = 0; i < SILENT; i++) {
        silent.add(PingClient.silent(socket));
      }
      flood = Thread.ofPlatform().start(() -> flood(flooder, sent));
      while (sent.get() < 10) {
        Thread.onSpinWait();
      }
      long before = sent.get();
      long begin = System.nanoTime();
      took = measure(good, count);
      floodTime += System.nanoTime() - begin;
      flooded += (sent.get() - before) * SIGNALS_AT_ONCE;
    } finally {
      for (PingClient one : silent) {
        one.close();
      }
    }
    flood.join();
    return took;
  }

  /// Signals that nobody wants, until the socket is closed.
  private static void flood(PingClient flooder, AtomicLong sent) {
    MessageEncoder encoder = new MessageEncoder();
    Signal signal = Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"));
    for (int i = 1; i <= SIGNALS_AT_ONCE; i++) {
      encoder.append(signal, i);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(encoder.size());
    encoder.drainTo(bytes);
    bytes.flip();
    try {
      while (true) {
        flooder.send(bytes.duplicate());
        sent.incrementAndGet();
      }
    } catch (IOException closed) {
      // The round is over.
    }
  }

  private static void report(Company company) {
    long[] all = company.rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    long[] p99 =
        company.rounds.stream().mapToLong(round -> quantile(round, 0.99)).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.0f | %.0f |%n",
        company.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        quantile(all, 0.5) / 1e3,
        quantile(all, 0.99) / 1e3,
        quantile(p99, 0.5) / 1e3,
        all[all.length - 1] / 1e3);
  }

  private static long quantile(long[] sorted, double part) {
    return sorted[(int) (part * (sorted.length - 1))];
  }
}
