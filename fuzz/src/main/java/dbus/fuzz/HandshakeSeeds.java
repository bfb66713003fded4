package dbus.fuzz;

import dbus.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The handshakes with which fuzzing begins: what clients say to a server, and servers to a client,
/// where they are understood, and where they are not.
final class HandshakeSeeds {

  private static final String GUID = ClientHandshakeTarget.GUID.toString();

  private HandshakeSeeds() {}

  /// What clients say, each to a server that is of no help, and to one that lets everybody in.
  static List<byte[]> ofClients() {
    int friendly =
        ServerHandshakeTarget.KNOWN_SOCKET
            | ServerHandshakeTarget.ANY_USER
            | ServerHandshakeTarget.ANONYMOUS
            | ServerHandshakeTarget.UNIX_FDS;
    String cookie = hex(Long.toString(ownUid()));
    return Stream.of(
            "\0AUTH EXTERNAL " + hex("4711") + "\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\nl\1",
            "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n",
            "\0AUTH\r\nAUTH ANONYMOUS " + hex("trace") + "\r\nBEGIN\r\n",
            "\0AUTH DBUS_COOKIE_SHA1 "
                + cookie
                + "\r\n"
                + ServerHandshakeTarget.PROOF
                + "BEGIN\r\n",
            "\0AUTH DBUS_COOKIE_SHA1 " + cookie + "\r\nDATA " + hex("x y") + "\r\nCANCEL\r\n",
            "\0AUTH EXTERNAL 3\r\nFOO bar\r\nERROR\r\nCANCEL\r\nDATA\r\nOK " + GUID + "\r\n",
            "GET / HTTP/1.1\r\n\r\n")
        .flatMap(said ->
            IntStream.of(0, friendly, friendly | ServerHandshakeTarget.REFUSES)
                .mapToObj(setup -> input(setup, said)))
        .toList();
  }

  /// What servers say, each to a client that wants little, and to one that wants all.
  static List<byte[]> ofServers() {
    int all =
        ClientHandshakeTarget.UNIX_FDS
            | ClientHandshakeTarget.PIPELINED
            | ClientHandshakeTarget.EXPECTS_GUID;
    return Stream.of(
            "OK " + GUID + "\r\nAGREE_UNIX_FD\r\nl\1",
            "OK " + GUID + "\r\nERROR \"no\"\r\n",
            "REJECTED EXTERNAL DBUS_COOKIE_SHA1 ANONYMOUS\r\nERROR\r\nDATA\r\nOK " + GUID + "\r\n",
            "REJECTED DBUS_COOKIE_SHA1\r\nDATA " + hex("org_example 1 abc") + "\r\nOK " + GUID,
            "DATA " + hex("../x 1 abc") + "\r\nERROR\r\nREJECTED\r\n",
            "ERROR\r\nREJECTED ANONYMOUS\r\nOK 1\r\n")
        .flatMap(said ->
            IntStream.of(0, ClientHandshakeTarget.UNIX_FDS, all)
                .mapToObj(setup -> input(setup, said)))
        .toList();
  }

  static long ownUid() {
    return Credentials.ofThisProcess().uid().orElse(0);
  }

  static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] input(int setup, String said) {
    byte[] text = said.getBytes(StandardCharsets.ISO_8859_1);
    byte[] input = new byte[ServerHandshakeTarget.HEADER + text.length];
    input[0] = (byte) setup;
    input[2] = 7;
    System.arraycopy(text, 0, input, ServerHandshakeTarget.HEADER, text.length);
    return input;
  }
}
