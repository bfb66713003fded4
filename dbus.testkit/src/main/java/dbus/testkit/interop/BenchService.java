package dbus.testkit.interop;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.BYTES;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.mapOf;

import dbus.connection.Interface;
import dbus.server.DBusServerBuilder;

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
                .build());
  }
}
