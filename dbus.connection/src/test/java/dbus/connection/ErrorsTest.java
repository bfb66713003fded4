package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From exceptions to D-Bus errors, and back.
class ErrorsTest {

  private static final String PATH = "/com/example/Disk";
  private static final String NAME = "com.example.Disk1";

  /// The example of the page of [ErrorMapping].
  static final class DiskFull extends DBusErrorException {
    static final ErrorName NAME = new ErrorName("com.example.Error.DiskFull");

    private static final long serialVersionUID = 1;

    DiskFull(String text) {
      super(NAME, text);
    }

    DiskFull(ErrorMessage reply) {
      super(reply);
    }
  }

  private static final ErrorMapping ERRORS =
      ErrorMapping.builder()
          .received(DiskFull.NAME, DiskFull::new)
          .thrown(NoSuchFileException.class, ErrorName.FILE_NOT_FOUND)
          .build();

  private final ScriptedPeer peer = new ScriptedPeer();
  private final AtomicReference<DBusConnection> connection = new AtomicReference<>();
  private final AtomicReference<Throwable> thrown = new AtomicReference<>();

  private void connect(ErrorMapping errors) throws Exception {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath(PATH),
            Interface.named(NAME)
                .method(
                    "Fail",
                    () -> {
                      switch (thrown.get()) {
                        case Exception e -> throw e;
                        case Throwable e -> throw (Error) e;
                      }
                    })
                .build());
    peer.served()
        .objects(objects)
        .errors(errors)
        .onAuthenticated(opened -> {
          connection.set(opened);
          return true;
        })
        .start();
    peer.authenticates();
  }

  private ErrorMessage replyTo(Throwable failure) throws Exception {
    thrown.set(failure);
    peer.sends(ScriptedPeer.call(PATH, NAME, "Fail"));
    return assertInstanceOf(ErrorMessage.class, peer.receives());
  }

  private Throwable thrownFor(ErrorName name, Body body) throws Exception {
    CompletableFuture<MethodReturn> reply =
        connection
            .get()
            .callAsync(ScriptedPeer.call("/", "a.b", "C"), DBusConnection.DEFAULT_TIMEOUT);
    MethodCall call = assertInstanceOf(MethodCall.class, peer.receives());
    peer.sends(ErrorMessage.to(call, name, "no room").withBody(body));
    return assertThrows(ExecutionException.class, () -> reply.get(30, TimeUnit.SECONDS)).getCause();
  }

  @Test
  @DisplayName("CONN-16, CONN-19 an exception is sent under the name registered for its type")
  void sent() throws Exception {
    connect(ERRORS);
    ErrorMessage missing = replyTo(new NoSuchFileException("/a"));
    assertEquals(ErrorName.FILE_NOT_FOUND, missing.errorName());
    assertEquals("/a", missing.text().orElseThrow());
    assertEquals(ErrorName.FAILED, replyTo(new FileSystemException("/a")).errorName());
    ErrorMessage full = replyTo(new DiskFull("no room"));
    assertEquals(DiskFull.NAME, full.errorName());
    assertEquals("no room", full.text().orElseThrow());
  }

  @Test
  void theNearestSuperclassCounts() {
    ErrorMapping errors =
        ErrorMapping.builder()
            .thrown(IOException.class, ErrorName.IO_ERROR)
            .thrown(FileSystemException.class, ErrorName.INVALID_FILE_CONTENT)
            .build();
    assertEquals(ErrorName.INVALID_FILE_CONTENT, errors.nameOf(new NoSuchFileException("/a")));
    assertEquals(ErrorName.IO_ERROR, errors.nameOf(new IOException()));
    assertEquals(ErrorName.FAILED, errors.nameOf(new IllegalStateException()));
  }

  @Test
  @DisplayName("CONN-16 a call that is replied to with a registered error throws its exception")
  void received() throws Exception {
    connect(ERRORS);
    Body body = Body.of(new Value.Str("no room"), new Value.UInt32(7));
    DiskFull full = assertInstanceOf(DiskFull.class, thrownFor(DiskFull.NAME, body));
    assertEquals("no room", full.text());
    assertEquals("com.example.Error.DiskFull: no room (a.b.C at /)", full.getMessage());
    assertEquals(body, full.body());
  }

  @Test
  @DisplayName("CONN-20 an unmapped error of GDBus is an error like any other")
  void unmappedGError() throws Exception {
    connect(ERRORS);
    ErrorName name =
        new ErrorName("org.gtk.GDBus.UnmappedGError.Quark._g_2dio_2derror_2dquark.Code1");
    Throwable plain = thrownFor(name, Body.of(new Value.Str("gone")));
    assertEquals(DBusErrorException.class, plain.getClass());
    assertEquals(name, ((DBusErrorException) plain).errorName());
    assertEquals("gone", ((DBusErrorException) plain).text());
  }

  @Test
  void anErrorWithoutATextHasItsNameForAMessage() throws Exception {
    connect(ERRORS);
    assertEquals(
        "com.example.Odd (a.b.C at /)",
        thrownFor(new ErrorName("com.example.Odd"), Body.EMPTY).getMessage());
  }

  @Test
  void whereNoExceptionCanBeMadeThePlainOneTellsTheSame() throws Exception {
    connect(
        ErrorMapping.builder()
            .received(
                DiskFull.NAME,
                reply -> {
                  throw new IllegalStateException("on purpose");
                })
            .build());
    Throwable plain = thrownFor(DiskFull.NAME, Body.of(new Value.Str("no room")));
    assertEquals(DiskFull.NAME, assertInstanceOf(DBusErrorException.class, plain).errorName());
    assertEquals(false, connection.get().isClosed());
  }

  @Test
  @DisplayName("CONN-19 a peer learns nothing of classes from what a handler did not say itself")
  void noClassNames() throws Exception {
    connect(ErrorMapping.NONE);
    Throwable[] chatty = {
      new ClassCastException("class a.B cannot be cast to class a.C"),
      new NullPointerException("Cannot invoke \"a.B.c()\" because \"this.d\" is null"),
      new NoClassDefFoundError("a/B"),
      new ClassNotFoundException("a.B"),
      noEnumConstant(),
      new IllegalStateException(),
      new RuntimeException(new IllegalStateException()),
    };
    for (Throwable each : chatty) {
      ErrorMessage error = replyTo(each);
      assertEquals(ErrorName.FAILED, error.errorName());
      assertEquals(
          "com.example.Disk1.Fail at /com/example/Disk failed",
          error.text().orElseThrow(),
          each::toString);
    }
    assertEquals(
        "no room",
        replyTo(new UncheckedIOException(new IOException("no room"))).text().orElseThrow());
  }

  private static Throwable noEnumConstant() {
    return assertThrows(IllegalArgumentException.class, () -> ErrorDialect.valueOf("NONE"));
  }

  @Test
  @DisplayName("CONN-18 no error name is invalid, no text is more than D-Bus can carry")
  void alwaysValid() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> new ErrorName("nodot"));
    connect(ErrorMapping.NONE);
    assertEquals("a\uFFFDb\uFFFDc", replyTo(new IOException("a\0b\uD800c")).text().orElseThrow());
    // One that is thrown on purpose, and so is not logged.
    ErrorMessage tooLong =
        replyTo(new DBusErrorException(ErrorName.NO_MEMORY, "x".repeat(1 << 27)));
    assertEquals(ErrorName.FAILED, tooLong.errorName());
  }

  @ParameterizedTest
  @DisplayName("CONN-17 with the names of GDBus, reasons are told as coarsely as there")
  @CsvSource({
    "/nowhere,com.example.Disk1,Fail,UnknownMethod",
    "/com/example/Disk,com.example.None1,Fail,UnknownMethod",
    "/com/example/Disk,com.example.Disk1,None,UnknownMethod",
    "/com/example/Disk,org.freedesktop.DBus.Properties,Get,InvalidArgs",
  })
  void gdbusNames(String path, String interfaceName, String member, String error) throws Exception {
    connect(ErrorMapping.builder().dialect(ErrorDialect.GDBUS).build());
    MethodCall call = ScriptedPeer.call(path, interfaceName, member);
    boolean get = member.equals("Get");
    peer.sends(get ? call.withBody(Body.of(new Value.Str(NAME), new Value.Str("None"))) : call);
    assertEquals(
        "org.freedesktop.DBus.Error." + error,
        assertInstanceOf(ErrorMessage.class, peer.receives()).errorName().value());
  }

  @Test
  void whatIsRegisteredTwiceIsAMistake() {
    var errors = ErrorMapping.builder().received(DiskFull.NAME, DiskFull::new);
    assertThrows(
        IllegalArgumentException.class, () -> errors.received(DiskFull.NAME, DiskFull::new));
    assertThrows(
        IllegalArgumentException.class, () -> errors.thrown(DiskFull.class, ErrorName.FAILED));
  }
}
