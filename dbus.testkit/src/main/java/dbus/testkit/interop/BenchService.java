package dbus.testkit.interop;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.BYTES;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.mapOf;

import dbus.connection.Interface;
import dbus.connection.Invocation;
import dbus.server.DBusServerBuilder;
import dbus.wire.Body;
import java.util.List;

/// What implementations are measured with: `bench.Echo` at `/bench`.
public final class BenchService {

  private static final String PATH = "/bench";

  private BenchService() {}

  /// Exports it.
  public static void exportTo(DBusServerBuilder server) {
    var _ =
        server.export(
            PATH,
            Interface.named("bench.Echo")
                .method("Ping", () -> {})
                .method("EchoString", in("", STRING), out("", STRING), text -> text)
                .method("EchoBytes", in("", BYTES), out("", BYTES), bytes -> bytes)
                .method(
                    "EchoDict",
                    in("", mapOf(STRING, VARIANT)),
                    out("", mapOf(STRING, VARIANT)),
                    dict -> dict)
                .method("Emit", List.of(in("n", UINT32)), List.of(), BenchService::emit)
                .signal("Tick", out("i", UINT32))
                .build());
  }

  private static void emit(Invocation call) {
    long count = UINT32.read(call.reader());
    for (long i = 0; i < count; i++) {
      call.emit("Tick", Body.of(UINT32, i));
    }
    call.reply();
  }
}
