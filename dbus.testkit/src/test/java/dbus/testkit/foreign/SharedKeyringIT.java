package dbus.testkit.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.ClientHandshake;
import dbus.auth.HandshakeStatus;
import dbus.auth.ServerHandshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// One directory of cookies, in which servers of libdbus, of GDBus and of this library make cookies
/// at the same time, while clients of all three read them.
///
/// At the start each file holds one cookie that is too old for new handshakes, and not old enough
/// to be deleted: so every server must write, and nobody may lose what is there.
class SharedKeyringIT {
  private static final String COOKIE = "DBUS_COOKIE_SHA1";
  private static final String LIBDBUS_CONTEXT = "org_freedesktop_general";
  private static final String GDBUS_CONTEXT = "org_gtk_gdbus_general";
  private static final String SECRET = "00112233445566778899aabbccddeeff0011223344556677";

  /// Clients of each kind at each server.
  private static final int CLIENTS = 2;

  private static final long AGAINST_HANGING_SECONDS = 60;

  @TempDir private Path home;

  private final List<Process> processes = new ArrayList<>();

  @RepeatedTest(3)
  @DisplayName("AUTH-42, AUTH-43, AUTH-44 all are let in, and each file stays whole")
  void allAtOnce() throws Exception {
    OurSide ours = new OurSide(home.resolve(".dbus-keyrings"));
    Files.createDirectory(
        ours.keyrings(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String old = "7 " + (Instant.now().getEpochSecond() - 330) + " " + SECRET;
    for (String context : List.of(LIBDBUS_CONTEXT, GDBUS_CONTEXT)) {
      Files.writeString(ours.keyrings().resolve(context), old + "\n");
    }
    Path libdbus = home.resolve("libdbus");
    Path gdbus = home.resolve("gdbus");
    start(libdbusServer(libdbus));
    start(python("gi.repository.Gio", "gdbus_auth_server.py").start("unix:path=" + gdbus, COOKIE));
    ForeignProgram libdbusClient = python("dbus", "libdbus_auth_client.py");
    ForeignProgram gdbusClient = python("gi.repository.Gio", "gdbus_auth_client.py");

    List<Callable<HandshakeStatus>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Path one = home.resolve("one" + i);
      Path another = home.resolve("another" + i);
      all.add(() -> HandshakeSocket.connect(libdbus, ours.client(COOKIE).build()));
      all.add(() -> HandshakeSocket.connect(gdbus, ours.client(COOKIE).build()));
      all.add(() -> serve(one, ours, LIBDBUS_CONTEXT, libdbusClient));
      all.add(() -> serve(another, ours, GDBUS_CONTEXT, gdbusClient));
      all.add(() -> amongOurselves(ours, LIBDBUS_CONTEXT));
      all.add(() -> amongOurselves(ours, GDBUS_CONTEXT));
    }
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      CyclicBarrier start = new CyclicBarrier(all.size());
      List<Future<HandshakeStatus>> results = new ArrayList<>();
      for (Callable<HandshakeStatus> each : all) {
        results.add(
            threads.submit(() -> {
              start.await();
              return each.call();
            }));
      }
      for (Future<HandshakeStatus> result : results) {
        OurSide.assertLetIn(COOKIE, result.get(AGAINST_HANGING_SECONDS, TimeUnit.SECONDS));
      }
    }

    assertEquals(Set.of(LIBDBUS_CONTEXT, GDBUS_CONTEXT), entries(ours.keyrings()));
    for (String context : List.of(LIBDBUS_CONTEXT, GDBUS_CONTEXT)) {
      List<String> lines = Files.readAllLines(ours.keyrings().resolve(context));
      Set<String> ids = new HashSet<>();
      for (String line : lines) {
        assertTrue(line.matches("[0-9]+ [0-9]+ ([0-9a-f]{48}|[0-9a-f]{64})"), line);
        assertTrue(
            ids.add(line.substring(0, line.indexOf(" "))), () -> "twice the same id: " + lines);
      }
      assertTrue(lines.contains(old), () -> "the old cookie is lost: " + lines);
      assertTrue(lines.size() >= 2, () -> "no new cookie: " + lines);
    }
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroy);
  }

  private ForeignProgram python(String module, String script) throws Exception {
    return atHome(ForeignProgram.python(module, script, home));
  }

  private ForeignProgram atHome(ForeignProgram program) {
    return program
        .with("HOME", home.toString())
        .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", home.resolve(".dbus-keyrings").toString());
  }

  /// A message bus, which authenticates by libdbus.
  private Process libdbusServer(Path socket) throws Exception {
    Path configuration = home.resolve("bus.conf");
    Files.writeString(
        configuration,
        """
        <busconfig>
          <listen>unix:path=%s</listen>
          <auth>DBUS_COOKIE_SHA1</auth>
          <policy context="default"><allow user="*"/></policy>
        </busconfig>
        """
            .formatted(socket));
    return atHome(ForeignProgram.named("dbus-daemon"))
        .start("--nofork", "--print-address", "--config-file=" + configuration);
  }

  /// Waits for the line that a server prints when it listens.
  private void start(Process server) throws IOException {
    processes.add(server);
    assertNotNull(server.inputReader().readLine(), "it ended");
  }

  private HandshakeStatus serve(Path socket, OurSide ours, String context, ForeignProgram client)
      throws Exception {
    return HandshakeSocket.serve(socket, ours.server(COOKIE, context), client::start);
  }

  private static HandshakeStatus amongOurselves(OurSide ours, String context) {
    ServerHandshake server = ours.server(COOKIE, context);
    ClientHandshake client = ours.client(COOKIE).build();
    while (client.hasOutput()) {
      server.receive(client.takeOutput());
      client.receive(server.takeOutput());
    }
    OurSide.assertLetIn(COOKIE, client.status());
    return server.status();
  }

  private static Set<String> entries(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
