package dbus.connection;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;

import dbus.address.Guid;
import dbus.auth.Credentials;
import dbus.connection.transport.ChannelTransport;
import dbus.wire.ObjectPath;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that is a server on its standard input and output. Whoever starts it is its user.
final class StdioServer {

  private StdioServer() {}

  public static void main(String[] args) throws Exception {
    ObjectTree objects = new ObjectTree();
    var _ =
        objects.export(
            new ObjectPath("/com/example/Child"),
            Interface.named("com.example.Child1")
                .method("Greet", in("name", STRING), out("greeting", STRING), n -> "Hello, " + n)
                .method("Exit", List.of(in("status", INT32)), List.of(), StdioServer::exit)
                .build());
    var over =
        DBusConnection.serverSide(
                ChannelTransport.of(
                    new FileInputStream(FileDescriptor.in),
                    new FileOutputStream(FileDescriptor.out),
                    Credentials.ofThisProcess()),
                Guid.random())
            .objects(objects)
            .start();
    var _ = over.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void exit(Invocation call) throws Exception {
    Runtime.getRuntime().halt(call.reader().readInt32());
  }

  /// What is to be run.
  static List<String> command() {
    return command(StdioServer.class);
  }

  /// Runs another program among the tests.
  static List<String> command(Class<?> program) {
    String classes =
        String.join(
            java.io.File.pathSeparator,
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path"),
            Path.of("target", "test-classes").toAbsolutePath().toString());
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classes,
        program.getName());
  }
}
