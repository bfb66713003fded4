package dbus.testkit.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.auth.HandshakeStatus;
import dbus.auth.ServerHandshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

class HandshakeProperties {
  private static final Guid GUID = Guid.parse("0123456789abcdef0123456789abcdef");

  @Property(tries = 3000)
  @Label("SEC-28 whatever a stranger sends, it is not let in, and nothing is thrown")
  void strangersStayOutside(@ForAll("conversations") List<byte[]> pieces) {
    ServerHandshake server =
        ServerHandshake.builder(GUID)
            .socket(Credentials.ofUid(1001))
            .policy(AuthPolicy.sameUserAs(Credentials.ofUid(1000)))
            .unixFds(true)
            .build();

    for (byte[] piece : pieces) {
      HandshakeStatus status = server.receive(ByteBuffer.wrap(piece));

      assertFalse(status instanceof HandshakeStatus.Authenticated, status::toString);
      server.takeOutput();
    }
    Statistics.label("status")
        .collect(server.status().getClass().getSimpleName())
        .coverage(seen -> {
          seen.check("Failed").count(n -> n > 300);
          seen.check("NeedsMore").count(n -> n > 300);
        });
  }

  /// Mostly the NUL and lines that are commands or nearly so, in pieces; sometimes any bytes.
  @Provide
  Arbitrary<List<byte[]>> conversations() {
    Arbitrary<byte[]> lines =
        Arbitraries.of(
                "AUTH",
                "AUTH EXTERNAL",
                "AUTH EXTERNAL 31303030",
                "AUTH EXTERNAL 31303031",
                "AUTH ANONYMOUS",
                "AUTH ANONYMOUS 61",
                "AUTH DBUS_COOKIE_SHA1 31303030",
                "AUTH  EXTERNAL",
                "DATA",
                "DATA 31303030",
                "DATA 3",
                "DATA zz",
                "CANCEL",
                "ERROR",
                "ERROR \"x\"",
                "BEGIN",
                "NEGOTIATE_UNIX_FD",
                "OK 0123456789abcdef0123456789abcdef",
                "REJECTED",
                "auth external",
                "FOO",
                "")
            .flatMap(line ->
                Arbitraries.frequency(Tuple.of(20, "\r\n"), Tuple.of(1, "\n"), Tuple.of(1, "\r"))
                    .map(end -> (line + end).getBytes(StandardCharsets.US_ASCII)));
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    Arbitrary<List<byte[]>> talk =
        Arbitraries.frequencyOf(Tuple.of(12, lines), Tuple.of(1, bytes)).list().ofMaxSize(12);
    return Arbitraries.frequencyOf(
        Tuple.of(
            9,
            talk.map(pieces -> {
              pieces.addFirst(new byte[1]);
              return pieces;
            })),
        Tuple.of(1, talk));
  }
}
