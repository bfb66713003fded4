package dbus.fuzz;

import dbus.address.Guid;
import dbus.auth.ClientHandshake;
import dbus.auth.ClientMechanism;
import dbus.auth.Credentials;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Whatever a server says to whatever client: the client says lines of its own, within its limits,
/// tries each mechanism once, and believes only a server that has said `OK`, with the guid that was
/// expected.
///
/// An input is four bytes (bits of what the client wants; which mechanisms; how the rest is cut;
/// for later), and what the server says.
public final class ClientHandshakeTarget {

  static final int HEADER = 4;

  static final int UNIX_FDS = 1;
  static final int PIPELINED = 2;
  static final int EXPECTS_GUID = 4;

  static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  private static final HandshakeLimits LIMITS =
      HandshakeLimits.DEFAULT.withLineBytes(256).withServerLines(12).withOutputBytes(1024);

  private static final Pattern LINES =
      Pattern.compile(
          "(?:\0AUTH [-A-Z0-9_]+(?: [0-9a-f]+)?\r\n(?:(?:AUTH [-A-Z0-9_]+(?: [0-9a-f]+)?"
              + "|DATA(?: [0-9a-f]*)?|CANCEL|ERROR|NEGOTIATE_UNIX_FD|BEGIN)\r\n)*)?");

  private ClientHandshakeTarget() {}

  /// Tries one input.
  ///
  /// @param input see above
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < HEADER) {
      return;
    }
    Run whole = new Run(input, 0);
    whole.go();
    Run cut = new Run(input, input[2] & 0xff);
    cut.go();
    Claim.areEqual(whole.outcome(), cut.outcome());
    whole.check();
  }

  /// One client, from its first byte to the last.
  private static final class Run {
    private final int setup;
    private final int how;
    private final String heard;
    private final List<ClientMechanism> mechanisms = new ArrayList<>();
    private final ClientHandshake client;
    private final StringBuilder said = new StringBuilder();
    private int left;

    Run(byte[] input, int how) {
      this.setup = input[0];
      this.how = how;
      heard = new String(input, HEADER, input.length - HEADER, StandardCharsets.ISO_8859_1);
      List<ClientMechanism> all =
          List.of(
              ClientMechanism.external(Credentials.ofUid(4711)),
              ClientMechanism.externalWithoutIdentity(),
              ClientMechanism.cookieSha1(FuzzedKeyring.INSTANCE.keyring()),
              ClientMechanism.anonymous("t"));
      for (int i = 0; i < all.size(); i++) {
        if ((input[1] >>> i & 1) == 0) {
          mechanisms.add(all.get((i + (input[1] >>> 4 & 3)) % all.size()));
        }
      }
      if (mechanisms.isEmpty()) {
        mechanisms.add(all.getFirst());
      }
      ClientHandshake.Builder builder =
          ClientHandshake.builder()
              .mechanisms(mechanisms)
              .unixFds(is(UNIX_FDS))
              .pipelined(is(PIPELINED))
              .limits(LIMITS);
      if (is(EXPECTS_GUID)) {
        builder.expectedGuid(GUID);
      }
      client = builder.build();
    }

    private boolean is(int bit) {
      return (setup & bit) != 0;
    }

    void go() {
      take();
      for (ByteBuffer piece : Pieces.of(heard.getBytes(StandardCharsets.ISO_8859_1), how)) {
        boolean unfinished = client.status() instanceof NeedsMore;
        Claim.areEqual(client.receive(piece), client.status());
        Claim.isTrue(
            !(client.status() instanceof NeedsMore) || !piece.hasRemaining(), "all is taken");
        Claim.isTrue(unfinished || !client.hasOutput(), "nothing is said after the end");
        left += piece.remaining();
        take();
      }
    }

    private void take() {
      said.append(StandardCharsets.ISO_8859_1.decode(client.takeOutput()));
    }

    /// What does not depend on chance, which is in the answers to challenges alone.
    List<Object> outcome() {
      return List.of(
          client.status() instanceof Failed failed ? failed.reason() : client.status(),
          left,
          said.toString().replaceAll("DATA [0-9a-f]+", "DATA"));
    }

    void check() {
      Claim.isTrue(LINES.matcher(said).matches(), said);
      Claim.isTrue(said.length() <= LIMITS.outputBytes(), "bytes of output");
      Claim.isTrue(count("AUTH ") <= mechanisms.size(), "each mechanism is tried once");
      Claim.isTrue(FuzzedKeyring.INSTANCE.isUntouched(), "the keyring is as before");
      switch (client.status()) {
        case NeedsMore _ ->
            Claim.areEqual(
                FailureReason.TIMED_OUT, client.abort(FailureReason.TIMED_OUT, "late").reason());
        case Failed failed -> checkFailed(failed);
        case Authenticated server -> checkAuthenticated(server);
      }
      Claim.areEqual(client.status() instanceof Authenticated ? 1 : 0, count("BEGIN"));
    }

    private int count(String command) {
      String plain = said.toString().replace("\0", "");
      return (int) plain.lines().filter(line -> line.startsWith(command)).count();
    }

    private void checkFailed(Failed failed) {
      Claim.isTrue(failed.detail().length() < 3000, "a short detail");
      Claim.isTrue(failed.detail().chars().noneMatch(Character::isISOControl), failed);
      Claim.isTrue(failed.reason() != FailureReason.EXCEPTION, failed);
      Claim.areEqual(failed, client.abort(FailureReason.TIMED_OUT, "late"));
    }

    private void checkAuthenticated(Authenticated server) {
      Claim.isTrue(
          mechanisms.stream().anyMatch(it -> it.name().equals(server.mechanism())), server);
      Claim.isTrue(server.identity().isEmpty(), "a server has no identity");
      Claim.isTrue(!is(EXPECTS_GUID) || server.guid().equals(GUID), server);
      String taken = heard.substring(0, heard.length() - left);
      Claim.isTrue(taken.endsWith("\r\n"), "no byte behind the last line is taken");
      Claim.isTrue(taken.contains("OK "), "OK was said");
      Claim.isTrue(said.toString().endsWith("BEGIN\r\n"), "BEGIN is the last");
      Claim.isTrue(!server.unixFds() || is(UNIX_FDS), "descriptors");
      Claim.areEqual(server.unixFds(), taken.endsWith("\r\nAGREE_UNIX_FD\r\n"));
    }
  }
}
