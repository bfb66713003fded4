package dbus.testkit.foreign;

import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.DBusConnection;
import dbus.connection.DBusErrorException;
import dbus.connection.Interface;
import dbus.connection.RemoteProperties;
import dbus.connection.RemoteProperties.Change;
import dbus.connection.SignalMatch;
import dbus.connection.UnixFd;
import dbus.connection.introspection.NodeInfo;
import dbus.wire.Body;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Our client and servers of other make, which do the same, each in its own way.
@ParameterizedClass(name = "{0}")
@EnumSource
class ForeignServersIT {

  enum Make {
    LIBDBUS {
      @Override
      ForeignProgram program(Path directory) throws Exception {
        return ForeignProgram.compiled("libdbus_server.c", "dbus-1", directory);
      }
    },
    GDBUS {
      @Override
      ForeignProgram program(Path directory) throws Exception {
        return ForeignProgram.python("gi.repository.Gio", "gdbus_server.py", directory);
      }
    },
    SD_BUS {
      @Override
      ForeignProgram program(Path directory) throws Exception {
        return ForeignProgram.compiled("sdbus_server.c", "libsystemd", directory);
      }
    };

    abstract ForeignProgram program(Path directory) throws Exception;
  }

  private static final String OBJECT = "/calls";
  private static final String NAME = "com.example.Calls1";

  @Parameter private Make make;

  @TempDir private Path directory;

  private Process server;
  private DBusConnection peer;

  private final AtomicInteger asked = new AtomicInteger();
  private final BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();

  private final Interface client =
      Interface.named("com.example.Client1")
          .method("Name", out("name", STRING), () -> "client " + asked.incrementAndGet())
          .method(
              "Refuse",
              out("name", STRING),
              () -> {
                throw new DBusErrorException(new ErrorName("com.example.Error.No"), "on purpose");
              })
          .build();

  @BeforeEach
  void begin() throws Exception {
    server = make.program(directory).start("unix:path=" + directory.resolve("socket"));
    String address = server.inputReader().readLine();
    assertNotNull(address, "it ended");
    peer =
        DBusConnection.to(address)
            .export("/client", client)
            .onAuthenticated(connection -> connection.subscribe(SignalMatch.all(), heard::add))
            .connect();
  }

  @AfterEach
  void end() throws Exception {
    peer.close();
    server.destroy();
    server.waitFor();
  }

  private static MethodCall call(String member, String argument) {
    return MethodCall.of(new ObjectPath(OBJECT), new InterfaceName(NAME), new MemberName(member))
        .withBody(Body.of(STRING, argument));
  }

  private Signal next() throws InterruptedException {
    Signal signal = heard.poll(30, TimeUnit.SECONDS);
    assertNotNull(signal, "no signal came");
    return signal;
  }

  @Test
  @DisplayName("CONN-07, ADDR-45 calls go in both directions at once")
  void calls() throws Exception {
    assertEquals(
        5, peer.call(OBJECT, NAME, "Add", Body.of(new Value.Int32(2), new Value.Int32(3)), INT32));
    List<CompletableFuture<MethodReturn>> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      replies.add(peer.callAsync(call("CallBack", "Name"), Duration.ofSeconds(60)));
    }
    for (CompletableFuture<MethodReturn> reply : replies) {
      assertTrue(reply.get().body().read(STRING).startsWith("client "));
    }
    assertEquals(500, asked.get());
  }

  @Test
  @DisplayName("CONN-16, CONN-17 errors go in both directions, with name and text")
  void errors() throws Exception {
    DBusErrorException full =
        assertThrows(DBusErrorException.class, () -> peer.call(OBJECT, NAME, "Fail", Body.EMPTY));
    assertEquals(new ErrorName("com.example.Error.Full"), full.errorName());
    assertEquals("no room", full.text());
    DBusErrorException refused =
        assertThrows(
            DBusErrorException.class,
            () -> peer.call(call("CallBack", "Refuse"), Duration.ofSeconds(60)));
    assertEquals(new ErrorName("com.example.Error.No"), refused.errorName());
    DBusErrorException unknown =
        assertThrows(
            DBusErrorException.class, () -> peer.call(OBJECT, NAME, "Nothing", Body.EMPTY));
    assertEquals(ErrorName.UNKNOWN_METHOD, unknown.errorName());
  }

  @Test
  @DisplayName("CONN-25, CONN-28 signals go in both directions, in their order")
  void signals() throws Exception {
    for (int i = 0; i < 100; i++) {
      peer.emit("/heard", "com.example.Heard1", "Said", Body.of(STRING, "number " + i));
      var _ = peer.callAsync(call("Tick", "tick " + i), Duration.ofSeconds(60));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(
          "com.example.Heard1.Said at /heard: number " + i, server.inputReader().readLine());
      assertEquals("tick " + i, next().body().read(STRING));
    }
  }

  @Test
  @DisplayName("INTRO-11, INTRO-16, INTRO-26 its object is introspected, and its property watched")
  void properties() throws Exception {
    String xml =
        peer.call(OBJECT, "org.freedesktop.DBus.Introspectable", "Introspect", Body.EMPTY, STRING);
    assertTrue(
        NodeInfo.parse(xml)
            .findInterface(new InterfaceName(NAME))
            .orElseThrow()
            .method(new MemberName("Add"))
            .isPresent());
    try (RemoteProperties remote = peer.properties(OBJECT, NAME)) {
      BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
      var _ = remote.watch(changes::add);
      assertEquals(1L, remote.get("Level", UINT32));
      remote.set("Level", UINT32, 7L);
      assertEquals(7L, remote.get("Level", UINT32));
      assertEquals(
          new Change(Map.of("Level", new Value.UInt32(7)), List.of()),
          changes.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  @DisplayName("AUTH-28, FD-01, FD-05 descriptors go in both directions")
  void unixFds() throws Exception {
    assertTrue(peer.passesUnixFds());
    String interop = "/dbus/testkit/Interop";
    String name = "dbus.testkit.Interop1";
    Body reply = peer.call(interop, name, "OpenPipe", Body.of(STRING, "héllo"));
    try (FileInputStream in = reply.read(UNIX_FD).inputStream()) {
      assertEquals("héllo", new String(in.readAllBytes(), UTF_8));
    }
    UnixFd.Pipe pipe = UnixFd.pipe();
    try (FileOutputStream out = pipe.writer().outputStream()) {
      out.write("from Java".getBytes(UTF_8));
    }
    assertEquals(
        "from Java", peer.call(interop, name, "ReadFd", Body.of(UNIX_FD, pipe.reader()), STRING));
  }
}
