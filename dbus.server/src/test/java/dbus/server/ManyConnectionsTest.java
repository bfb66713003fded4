package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What many connections leave behind: nothing. Threads, descriptors and memory are those of this
/// process; both ends of each connection are in it.
@EnabledOnOs(OS.LINUX)
class ManyConnectionsTest {

  private static final Path PROCESS = Path.of("/proc/self");

  /// What caches, buffers and the JIT may have kept after thousands of connections, in bytes. One
  /// kilobyte a connection would be ten times this.
  private static final long SLACK = 1 << 20;

  @TempDir Path directory;

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(PROCESS.resolve("fd"))) {
      return open.count();
    }
  }

  /// The JVM has raised its limit to the hard one by itself.
  private static long mostDescriptors() throws IOException {
    for (String line : Files.readAllLines(PROCESS.resolve("limits"))) {
      if (line.startsWith("Max open files")) {
        return Long.parseLong(line.split(" +", -1)[3]);
      }
    }
    throw new IOException("the limit is not told");
  }

  /// Threads that read from a peer, accept peers, or wait for idle ones.
  private static long readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("dbus-reader"))
        .count();
  }

  private static long used() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  /// What is collected late, such as what a cleaner watches, is no leak.
  private static void assertBackAt(long memory) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (used() - memory >= SLACK && System.nanoTime() < deadline) {
      LockSupport.parkNanos(100_000_000);
    }
    long grown = used() - memory;
    assertTrue(grown < SLACK, () -> "the heap has grown by " + grown + " bytes");
  }

  /// Until all peers are gone, and of the threads only the one is left that accepts.
  private static void awaitNobody(DBusServer server) {
    while (server.counters().open() + server.counters().users() > 0 || readers() > 1) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void comeAndGo(DBusServer server, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      try (RawClient client = RawClient.authenticated(server)) {
        client.ping();
      }
    }
    awaitNobody(server);
  }

  @Test
  @DisplayName("SERV-34 10,000 connections that come and go leave no descriptor, thread or memory")
  void comingAndGoing() throws Exception {
    try (DBusServer server = DBusServer.at("unix:path=" + directory.resolve("s")).start()) {
      comeAndGo(server, 2000);
      long descriptors = descriptors();
      long memory = used();
      comeAndGo(server, 10_000);
      assertEquals(descriptors, descriptors());
      assertBackAt(memory);
      assertEquals(12_000, server.counters().closed());
    }
  }

  @Test
  @DisplayName("SERV-30, SERV-34 2,000 connections at once are served, and leave nothing behind")
  void atOnce() throws Exception {
    int count = 2000;
    long most = mostDescriptors();
    assumeTrue(most > 4L * count, () -> "this process may have only " + most + " descriptors");
    ServerLimits limits = ServerLimits.DEFAULT.withConnectionsPerUser(count);
    try (DBusServer server =
        DBusServer.at("unix:path=" + directory.resolve("s")).limits(limits).start()) {
      // The first time, tables grow to their size.
      hold(server, count);
      long descriptors = descriptors();
      long memory = used();
      hold(server, count);
      assertEquals(descriptors, descriptors());
      assertBackAt(memory);
    }
  }

  private static void hold(DBusServer server, int count) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawClient client = RawClient.authenticated(server);
      client.ping();
      clients.add(client);
    }
    assertEquals(count, server.connections().size());
    // All of them are still served.
    for (RawClient client : clients) {
      client.ping();
    }
    for (RawClient client : clients) {
      client.close();
    }
    awaitNobody(server);
  }
}
