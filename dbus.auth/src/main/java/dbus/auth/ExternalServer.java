package dbus.auth;

import java.util.Optional;
import java.util.OptionalLong;

/// EXTERNAL on the server. The identity is what the socket says and nothing else; what the client
/// says can only agree with it (AUTH-29 to AUTH-33).
///
/// D-Bus Specification, "EXTERNAL"; RFC 4422, appendix A.
final class ExternalServer implements ServerMechanism {
  static final ExternalServer INSTANCE = new ExternalServer();

  private ExternalServer() {}

  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public boolean isPossible(Credentials socket) {
    return socket.hasUser();
  }

  @Override
  public Exchange start(Credentials socket) {
    return response -> {
      if (!socket.hasUser()) {
        return new Reject("EXTERNAL: the platform does not know the peer's user");
      }
      if (response.isEmpty()) {
        return new Challenge(Payload.EMPTY);
      }
      return response.get().isEmpty() || claims(response.get(), socket)
          ? new Accept(Optional.of(socket), Optional.empty())
          : new Reject("EXTERNAL: the claimed user is not that of the socket: " + socket);
    };
  }

  private static boolean claims(Payload claim, Credentials socket) {
    String text = claim.text().orElse("");
    if (socket.uid().isPresent()) {
      OptionalLong uid = UserId.parse(text);
      return uid.isPresent() && uid.equals(socket.uid());
    }
    return socket.sid().isPresent() && text.equals(socket.sid().get());
  }
}
