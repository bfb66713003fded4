import java.util.Map;
import org.freedesktop.dbus.connections.config.SaslConfig;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.connections.transports.TransportBuilder;
import org.freedesktop.dbus.connections.transports.TransportBuilder.SaslAuthMode;

/// Authenticates through dbus-java, as a client or as a server.
///
///     DBusJavaAuth client ADDRESS MECHANISM   says whether it was let in
///     DBusJavaAuth server ADDRESS MECHANISM   prints "listening", and a line for the peer it lets in
public class DBusJavaAuth {
  private static final Map<String, SaslAuthMode> MODES =
      Map.of(
          "EXTERNAL", SaslAuthMode.AUTH_EXTERNAL,
          "DBUS_COOKIE_SHA1", SaslAuthMode.AUTH_COOKIE,
          "ANONYMOUS", SaslAuthMode.AUTH_ANONYMOUS);

  public static void main(String... arguments) throws Exception {
    boolean server = arguments[0].equals("server");
    try (AbstractTransport transport =
        TransportBuilder.create(arguments[1] + (server ? ",listen=true" : ""))
            .configure()
            .withAutoConnect(false)
            .withListening(server)
            .withAfterBindCallback(
                _ -> {
                  System.out.println("listening");
                  System.out.flush();
                })
            .configureSasl()
            .withAuthMode(MODES.get(arguments[2]))
            .back()
            .back()
            .build()) {
      Object connection = server ? transport.listen() : transport.connect();
      System.out.println(connection == null ? "refused" : "let in");
      System.out.flush();
    }
  }
}
