package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.Endings.Ending;
import dbus.connection.threads.Deadlines;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing is left of a connection, however it ended: no thread, no descriptor, no memory.
class TenThousandEndingsTest {

  private static final int CONNECTIONS = 10_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// There once for the whole process.
  private static final Set<String> OF_THE_PROCESS =
      Set.of("dbus-watch", "dbus-deadlines", "dbus-forgotten-calls", "dbus-forgotten-fds");

  @TempDir private Path directory;

  /// What half of the ways have the library warn of is not shown; but no descriptor is to be left
  /// to the garbage collector. Held here, since nobody else does.
  private final Logger log = Logger.getLogger("dbus.connection");

  private final Queue<String> forgotten = new ConcurrentLinkedQueue<>();

  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getMessage().contains("forgotten, and is closed")) {
            forgotten.add(record.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final Set<Reference<Object>> alive = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

  @BeforeEach
  void beQuiet() {
    log.setUseParentHandlers(false);
    log.addHandler(listener);
  }

  @AfterEach
  void beAsBefore() {
    log.removeHandler(listener);
    log.setUseParentHandlers(true);
  }

  private void made(Object object) {
    alive.add(new PhantomReference<>(object, gone));
  }

  private record Way(String name, Meeting where, Ending ending) {}

  @Test
  @DisplayName(
      "CONN-31, CONN-38, FD-14, SEC-12, SEC-21 threads, descriptors and memory are given back by 10,000"
          + " connections that ended in every way")
  void nothingIsLeft() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors are counted");
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        Meeting junixsocket = Meeting.overJunixsocket(directory);
        Meeting jdk = Meeting.overJdkUnixSockets(directory);
        Meeting tcp = Meeting.overTcp();
        Meeting memory = Meeting.inMemory()) {
      Endings ofBothSides = new EndingsOfBothSides(executor, this::made);
      Endings withPlayedPeer = new EndingsWithPlayedPeer(this::made);
      Endings withUnixFds = new EndingsWithUnixFds(this::made);
      List<Endings> all = List.of(ofBothSides, withPlayedPeer, withUnixFds);
      List<Way> ways = new ArrayList<>();
      Map.of("junixsocket", junixsocket, "JDK", jdk, "tcp", tcp, "memory", memory)
          .forEach((name, where) -> {
            add(ways, name, where, ofBothSides);
            add(ways, name, where, withPlayedPeer);
          });
      add(ways, "junixsocket", junixsocket, withUnixFds);

      // What is there once and for all is there after the first round.
      endAll(ways);
      all.forEach(Endings::forgetUnanswered);
      endThreads();
      long descriptors = descriptors();
      int deadlines = Deadlines.count();
      collect();
      long buffers = directBuffers();

      for (int ended = 0; ended < CONNECTIONS; ended += ways.size()) {
        endAll(ways);
        all.forEach(Endings::forgetUnanswered);
      }

      endThreads();
      assertTrue(Deadlines.count() <= deadlines, () -> Deadlines.count() + " > " + deadlines);
      assertTrue(
          descriptors() <= descriptors,
          () -> descriptors() + " > " + descriptors + ": " + descriptorsByKind());
      collect();
      assertEquals(0, alive.size(), "connections and transports that are still in memory");
      assertEquals(List.of(), List.copyOf(forgotten));
      long end = System.nanoTime() + PATIENCE.toNanos();
      // Some are kept to be used again, and how many there are is a matter of how many connections
      // were open at once. One way that leaks would leave one at each of its turns.
      long most = buffers + CONNECTIONS / ways.size() / 2;
      long left = directBuffers();
      while (left > most && System.nanoTime() < end) {
        System.gc();
        left = directBuffers();
      }
      assertTrue(left <= most, left + " > " + most);
    }
  }

  private static void add(List<Way> ways, String kind, Meeting at, Endings endings) {
    endings.byName().forEach((name, ending) -> ways.add(new Way(kind + ": " + name, at, ending)));
  }

  private static void endAll(List<Way> ways) throws Exception {
    Map<String, CompletionStage<?>> over = new LinkedHashMap<>();
    for (Way way : ways) {
      try {
        over.put(way.name, way.ending.at(way.where));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(way.name, e);
      }
    }
    for (Map.Entry<String, CompletionStage<?>> one : over.entrySet()) {
      try {
        var _ = one.getValue().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError(one.getKey(), e);
      }
    }
  }

  /// Waits for the threads that serve a connection, and those that have served some, to end.
  static void endThreads() throws InterruptedException {
    List<Thread> ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                thread.getName().startsWith("dbus-") && !OF_THE_PROCESS.contains(thread.getName()))
            .toList();
    for (Thread thread : ours) {
      if (!thread.join(PATIENCE)) {
        throw new AssertionError(
            thread
                + Stream.of(thread.getStackTrace())
                    .map(Object::toString)
                    .collect(Collectors.joining("\n  ", "\n  ", "")));
      }
    }
  }

  private static long descriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Long> descriptorsByKind() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.collect(
          Collectors.groupingBy(TenThousandEndingsTest::kind, TreeMap::new, Collectors.counting()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String kind(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().replaceAll("\\d+", "…");
    } catch (IOException gone) {
      return "gone";
    }
  }

  /// How many direct buffers there are in this process, as the JVM tells its Flight Recorder.
  private long directBuffers() throws IOException {
    Path file = directory.resolve("buffers.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.DirectBufferStatistics").with("period", "everyChunk");
      recording.start();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).getLast().getLong("count");
  }

  /// Waits until everything is gone that was made.
  private void collect() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!alive.isEmpty() && System.nanoTime() < end) {
      System.gc();
      for (Reference<?> one = gone.remove(1000); one != null; one = gone.poll()) {
        alive.remove(one);
      }
    }
  }
}
