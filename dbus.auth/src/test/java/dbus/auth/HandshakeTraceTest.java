package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a trace shows each line with its state, and no payload")
class HandshakeTraceTest {

  /// Writes down what it sees.
  private record Notes(List<String> lines) implements HandshakeTrace {
    Notes() {
      this(new ArrayList<>());
    }

    @Override
    public void received(Command command, String state) {
      lines.add(state + " < " + command);
    }

    @Override
    public void sent(Command command, String state) {
      lines.add("> " + command + " " + state);
    }
  }

  @Test
  void ofAServer() {
    Notes notes = new Notes();
    ServerHandshake server = Peers.greeted(Peers.serverOfAll().trace(notes));

    Talk.say(
        server,
        Talk.lines(
            "AUTH EXTERNAL 31303031",
            "AUTH STEPS 6f6e65",
            "FOO",
            "DATA 74776f",
            "NEGOTIATE_UNIX_FD",
            "BEGIN"));

    assertEquals(
        List.of(
            "WaitingForAuth < AUTH EXTERNAL (4 bytes)",
            "> REJECTED EXTERNAL STEPS ANONYMOUS WaitingForAuth",
            "WaitingForAuth < AUTH STEPS (3 bytes)",
            "> DATA (5 bytes) WaitingForData",
            "WaitingForData < FOO",
            "> ERROR \"Unknown command\" WaitingForData",
            "WaitingForData < DATA (3 bytes)",
            "> " + Peers.OK + " WaitingForBegin",
            "WaitingForBegin < NEGOTIATE_UNIX_FD",
            "> AGREE_UNIX_FD WaitingForBegin",
            "WaitingForBegin < BEGIN"),
        notes.lines());
  }

  @Test
  void ofAClient() {
    Notes notes = new Notes();
    ClientHandshake client =
        ClientHandshake.builder()
            .mechanisms(List.of(Peers.external(), new ClientSteps()))
            .unixFds(true)
            .trace(notes)
            .build();

    Talk.say(
        client,
        Talk.lines("ERROR", "REJECTED STEPS", "DATA 7468656e3f", Peers.OK, "AGREE_UNIX_FD"));

    assertEquals(
        List.of(
            "> AUTH EXTERNAL (4 bytes) WaitingForOK",
            "WaitingForOK < ERROR",
            "> CANCEL WaitingForReject",
            "WaitingForReject < REJECTED STEPS",
            "> AUTH STEPS (3 bytes) WaitingForData",
            "WaitingForData < DATA (5 bytes)",
            "> DATA (3 bytes) WaitingForOK",
            "WaitingForOK < " + Peers.OK,
            "> NEGOTIATE_UNIX_FD WaitingForAgreeUnixFD",
            "WaitingForAgreeUnixFD < AGREE_UNIX_FD",
            "> BEGIN WaitingForAgreeUnixFD"),
        notes.lines());
  }

  @Test
  @DisplayName("what is not sent, because it would exceed the limit, is not shown")
  void notOfWhatIsNotSent() {
    Notes notes = new Notes();
    ServerHandshake server =
        Peers.greeted(
            Peers.server()
                .trace(notes)
                .limits(HandshakeLimits.DEFAULT.withOutputBytes(1024).withErrors(10_000)));

    String answers = Talk.say(server, Talk.lines("FOO").repeat(200));

    long shown = notes.lines().stream().filter(line -> line.startsWith(">")).count();
    assertEquals(answers.lines().count(), shown);
    assertFalse(shown == 200);
  }
}
