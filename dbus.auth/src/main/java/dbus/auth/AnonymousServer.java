package dbus.auth;

import java.util.Optional;

/// ANONYMOUS on the server: accepts at once, with or without a trace (AUTH-51). It never gives an
/// identity, whatever the socket knows (AUTH-53).
///
/// D-Bus Specification, "ANONYMOUS"; RFC 4505.
final class AnonymousServer implements ServerMechanism {
  static final AnonymousServer INSTANCE = new AnonymousServer();

  /// RFC 4505 has up to 255 characters in a trace.
  static final int LONGEST_TRACE = 255;

  private AnonymousServer() {}

  @Override
  public String name() {
    return "ANONYMOUS";
  }

  @Override
  public boolean isAnonymous() {
    return true;
  }

  @Override
  public Exchange start(Credentials socket) {
    return response -> {
      if (response.isEmpty() || response.get().isEmpty()) {
        return new Accept(Optional.empty(), Optional.empty());
      }
      return response
          .get()
          .text()
          .<Step>map(trace -> new Accept(Optional.empty(), Optional.of(printable(trace))))
          .orElseGet(() -> new Reject("ANONYMOUS: the trace is not valid UTF-8"));
    };
  }

  /// The beginning of the text, with everything but printable ASCII written as `\x{1b}`: no line
  /// ends, no terminal sequences, no characters that only look like others (AUTH-52, SEC-07). At
  /// most 255 code points are kept.
  static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_TRACE)
        .forEach(c -> {
          if (c >= 0x20 && c <= 0x7e && c != '\\') {
            safe.append((char) c);
          } else {
            safe.append("\\x{").append(Integer.toHexString(c)).append('}');
          }
        });
    return safe.toString();
  }
}
