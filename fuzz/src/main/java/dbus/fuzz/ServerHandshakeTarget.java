package dbus.fuzz;

import dbus.address.Guid;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.FailureReason;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeStatus;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import dbus.auth.PeerInfo;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whatever a client says to whatever server: the server answers lines of its own, within its
/// limits, and lets nobody in whom its policy does not.
///
/// An input is four bytes (who is at the socket and who may come; what is offered; how the rest is
/// cut; for later), and what the client says. Where that has [#PROOF], the client answers the last
/// challenge of a cookie rightly.
public final class ServerHandshakeTarget {

  static final String PROOF = "(proof)\r\n";

  static final int HEADER = 4;

  /// What the server may be: bits of the first byte.
  static final int KNOWN_SOCKET = 1;

  static final int ANY_USER = 2;
  static final int ALSO_SOCKET = 4;
  static final int ALSO_SELF = 8;
  static final int ANONYMOUS = 16;
  static final int REFUSES = 32;
  static final int THROWS = 64;
  static final int UNIX_FDS = 128;

  private static final long SOCKET_UID = 4711;

  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  private static final HandshakeLimits LIMITS =
      HandshakeLimits.DEFAULT
          .withLineBytes(256)
          .withErrors(20)
          .withRejections(4)
          .withOutputBytes(1024);

  private static final Pattern LINES =
      Pattern.compile(
          "(?:(?:REJECTED(?: [-A-Z0-9_]+)*|OK [0-9a-f]{32}|ERROR(?: [ -~]+)?|DATA(?: [0-9a-f]*)?"
              + "|AGREE_UNIX_FD)\r\n)*");

  private static final Pattern CHALLENGE = Pattern.compile("DATA ([0-9a-f]+)\r\n\\z");

  private ServerHandshakeTarget() {}

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

  /// One server, from its first byte to the last.
  private static final class Run {
    private final int setup;
    private final int how;
    private final String said;
    private final List<String> offered = new ArrayList<>();
    private final ServerHandshake server;
    private final StringBuilder answers = new StringBuilder();

    /// What was said, with its proofs.
    private final StringBuilder fed = new StringBuilder();

    private int left;

    Run(byte[] input, int how) {
      this.setup = input[0];
      this.how = how;
      said = new String(input, HEADER, input.length - HEADER, StandardCharsets.ISO_8859_1);
      server = build(input[1]);
    }

    private boolean is(int bit) {
      return (setup & bit) != 0;
    }

    private Credentials socket() {
      return is(KNOWN_SOCKET) ? Credentials.ofUid(SOCKET_UID) : Credentials.UNKNOWN;
    }

    private AuthPolicy policy() {
      AuthPolicy policy =
          is(ANY_USER) ? AuthPolicy.anyUser() : AuthPolicy.sameUserAs(Credentials.UNKNOWN);
      if (is(ALSO_SOCKET)) {
        policy = policy.alsoUid(SOCKET_UID);
      }
      if (is(ALSO_SELF)) {
        policy = policy.alsoUid(Credentials.ofThisProcess().uid().orElse(0));
      }
      return is(ANONYMOUS) ? policy.allowAnonymous() : policy;
    }

    private ServerHandshake build(int which) {
      List<ServerMechanism> all =
          List.of(
              ServerMechanism.external(),
              ServerMechanism.cookieSha1(FuzzedKeyring.INSTANCE.keyring()),
              ServerMechanism.anonymous());
      List<ServerMechanism> some = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        // The lowest bits leave mechanisms out; the others turn their order.
        ServerMechanism next = all.get((i + (which >>> 4 & 3)) % all.size());
        boolean usable = !next.isAnonymous() || is(ANONYMOUS);
        if (usable && (which >>> i & 1) == 0) {
          some.add(next);
        }
      }
      if (some.isEmpty()) {
        some.add(ServerMechanism.external());
      }
      some.forEach(mechanism -> offered.add(mechanism.name()));
      return ServerHandshake.builder(GUID)
          .socket(socket())
          .mechanisms(some)
          .policy(
              policy()
                  .observedBy(
                      new AuthObserver() {
                        @Override
                        public boolean authorize(PeerInfo peer) {
                          if (is(THROWS)) {
                            throw new IllegalStateException("as it was told to");
                          }
                          return !is(REFUSES);
                        }
                      }))
          .unixFds(is(UNIX_FDS))
          .limits(LIMITS)
          .build();
    }

    void go() {
      String rest = said;
      for (int at = rest.indexOf(PROOF); at >= 0; at = rest.indexOf(PROOF)) {
        feed(rest.substring(0, at));
        Matcher challenge = CHALLENGE.matcher(answers);
        feed(challenge.find() ? FuzzedKeyring.proof(challenge.group(1)) : "DATA\r\n");
        rest = rest.substring(at + PROOF.length());
      }
      feed(rest);
    }

    private void feed(String text) {
      fed.append(text);
      for (ByteBuffer piece : Pieces.of(text.getBytes(StandardCharsets.ISO_8859_1), how)) {
        boolean unfinished = server.status() instanceof NeedsMore;
        HandshakeStatus status = server.receive(piece);
        Claim.isTrue(status.equals(server.status()), "one status");
        Claim.isTrue(!(status instanceof NeedsMore) || !piece.hasRemaining(), "all is taken");
        Claim.isTrue(unfinished || !server.hasOutput(), "nothing is said after the end");
        left += piece.remaining();
        answers.append(StandardCharsets.ISO_8859_1.decode(server.takeOutput()));
      }
    }

    /// What does not depend on chance, which is in the challenges of cookies alone.
    List<Object> outcome() {
      return List.of(
          server.status() instanceof Failed failed ? failed.reason() : server.status(),
          left,
          answers.toString().replaceAll("DATA [0-9a-f]+", "DATA"));
    }

    void check() {
      Claim.isTrue(LINES.matcher(answers).matches(), answers);
      Claim.isTrue(answers.length() <= LIMITS.outputBytes(), "bytes of output");
      Claim.isTrue(count("REJECTED") <= LIMITS.rejections(), "rejections");
      Claim.isTrue(count("ERROR") <= LIMITS.errors(), "errors");
      Claim.isTrue(FuzzedKeyring.INSTANCE.isUntouched(), "the keyring is as before");
      switch (server.status()) {
        case NeedsMore _ ->
            Claim.areEqual(
                FailureReason.TIMED_OUT, server.abort(FailureReason.TIMED_OUT, "late").reason());
        case Failed failed -> checkFailed(failed);
        case Authenticated peer -> checkAuthenticated(peer);
      }
    }

    private int count(String command) {
      return (int) answers.toString().lines().filter(line -> line.startsWith(command)).count();
    }

    private void checkFailed(Failed failed) {
      Claim.isTrue(failed.detail().length() < 1000, "a short detail");
      Claim.isTrue(failed.detail().chars().noneMatch(Character::isISOControl), failed);
      Claim.isTrue(
          failed.cause().isPresent() == (failed.reason() == FailureReason.EXCEPTION), failed);
      Claim.isTrue(failed.reason() != FailureReason.EXCEPTION || is(THROWS), failed);
      Claim.areEqual(failed, server.abort(FailureReason.TIMED_OUT, "late"));
    }

    /// AUTH-54: what the policy, the observer and the socket say, whatever was said before.
    private void checkAuthenticated(Authenticated peer) {
      Claim.isTrue(!is(REFUSES) && !is(THROWS), "the observer lets it in");
      Claim.isTrue(offered.contains(peer.mechanism()), peer);
      Claim.isTrue(policy().admits(peer.identity()), peer);
      Optional<Credentials> expected =
          switch (peer.mechanism()) {
            case "EXTERNAL" -> Optional.of(socket());
            case "ANONYMOUS" -> Optional.empty();
            default -> Optional.of(Credentials.ofUid(Credentials.ofThisProcess().uid().orElse(0)));
          };
      Claim.areEqual(expected, peer.identity());
      Claim.isTrue(peer.identity().isEmpty() || peer.identity().get().hasUser(), peer);
      Claim.areEqual(GUID, peer.guid());
      Claim.isTrue(!peer.unixFds() || is(UNIX_FDS), "descriptors");
      Claim.isTrue(!peer.unixFds() || count("AGREE_UNIX_FD") > 0, "descriptors are agreed on");
      Claim.isTrue(count("OK") > 0, "OK was said");
      Claim.isTrue(fed.indexOf("\0") == 0, "the first byte");
      String taken = fed.substring(0, fed.length() - left);
      Claim.isTrue(taken.endsWith("BEGIN\r\n"), "no byte behind BEGIN is taken");
      peer.trace().ifPresent(trace -> Claim.isTrue(trace.length() < 1000, "a short trace"));
    }
  }
}
