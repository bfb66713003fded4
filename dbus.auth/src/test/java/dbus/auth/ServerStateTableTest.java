package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The table "Server states" of the specification: every cell, with each mechanism that can be in
/// the state. The state that follows is found out by asking, not by looking inside.
@DisplayName("AUTH-15 server states")
class ServerStateTableTest {
  private static final String REJECTED = "REJECTED EXTERNAL STEPS ANONYMOUS";
  private static final String ERROR = "ERROR";
  private static final String AGREE = "AGREE_UNIX_FD";
  private static final String END = "(end)";
  private static final String DONE = "(done)";

  enum State {
    AUTH,
    DATA,
    BEGIN
  }

  /// A way into a state.
  record Column(State state, String mechanism, List<String> script) {
    @Override
    public String toString() {
      return "WaitingFor" + state + " with " + mechanism;
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column(State.AUTH, "nothing", List.of()),
          new Column(State.AUTH, "a rejection", List.of("AUTH EXTERNAL 30")),
          new Column(State.DATA, "EXTERNAL", List.of("AUTH EXTERNAL")),
          new Column(State.DATA, "STEPS", List.of("AUTH STEPS")),
          new Column(State.DATA, "STEPS, half way", List.of("AUTH STEPS 6f6e65")),
          new Column(State.BEGIN, "EXTERNAL", List.of("AUTH EXTERNAL 31303030")),
          new Column(State.BEGIN, "EXTERNAL, asked", List.of("AUTH EXTERNAL", "DATA")),
          new Column(State.BEGIN, "STEPS", List.of("AUTH STEPS 6f6e65", "DATA 74776f")),
          new Column(State.BEGIN, "ANONYMOUS", List.of("AUTH ANONYMOUS")),
          new Column(State.BEGIN, "ANONYMOUS, trace", List.of("AUTH ANONYMOUS 6869")));

  /// One row: what is received, and what is answered in each of the three states.
  record Row(String line, String auth, String data, String begin) {
    String in(State state) {
      return switch (state) {
        case AUTH -> auth;
        case DATA -> data;
        case BEGIN -> begin;
      };
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("AUTH", REJECTED, ERROR, ERROR),
          new Row("AUTH ", REJECTED, ERROR, ERROR),
          new Row("AUTH NOSUCH", REJECTED, ERROR, ERROR),
          new Row("AUTH external", REJECTED, ERROR, ERROR),
          new Row("AUTH NOSUCH 31303030", REJECTED, ERROR, ERROR),
          new Row("AUTH EXTERNAL", "DATA", ERROR, ERROR),
          new Row("AUTH EXTERNAL ", "DATA", ERROR, ERROR),
          new Row("AUTH STEPS", "DATA", ERROR, ERROR),
          new Row("AUTH STEPS 6f6e65", "DATA 7468656e3f", ERROR, ERROR),
          new Row("AUTH EXTERNAL 31303030", Peers.OK, ERROR, ERROR),
          new Row("AUTH ANONYMOUS", Peers.OK, ERROR, ERROR),
          new Row("AUTH ANONYMOUS ", Peers.OK, ERROR, ERROR),
          new Row("AUTH ANONYMOUS 6869", Peers.OK, ERROR, ERROR),
          new Row("AUTH EXTERNAL 31303031", REJECTED, ERROR, ERROR),
          new Row("AUTH STEPS 74776f", REJECTED, ERROR, ERROR),
          new Row("AUTH ANONYMOUS ff", REJECTED, ERROR, ERROR),
          new Row("AUTH EXTERNAL 3", ERROR, ERROR, ERROR),
          new Row("AUTH EXTERNAL xy", ERROR, ERROR, ERROR),
          new Row("AUTH EXTERNAL 31 31", ERROR, ERROR, ERROR),
          new Row("AUTH  EXTERNAL", ERROR, ERROR, ERROR),
          new Row("AUTH\tEXTERNAL", ERROR, ERROR, ERROR),
          new Row("DATA 3", ERROR, ERROR, ERROR),
          new Row("DATA xy", ERROR, ERROR, ERROR),
          new Row("DATA  ", ERROR, ERROR, ERROR),
          new Row("CANCEL", ERROR, REJECTED, REJECTED),
          new Row("CANCEL x", ERROR, ERROR, ERROR),
          new Row("ERROR", REJECTED, REJECTED, REJECTED),
          new Row("ERROR \"what?\"", REJECTED, REJECTED, REJECTED),
          new Row("NEGOTIATE_UNIX_FD", ERROR, ERROR, AGREE),
          new Row("NEGOTIATE_UNIX_FD 1", ERROR, ERROR, ERROR),
          new Row("BEGIN", END, END, DONE),
          new Row("BEGIN now", ERROR, ERROR, ERROR),
          new Row("OK 0123456789abcdef0123456789abcdef", ERROR, ERROR, ERROR),
          new Row("REJECTED EXTERNAL", ERROR, ERROR, ERROR),
          new Row("AGREE_UNIX_FD", ERROR, ERROR, ERROR),
          new Row("EXTENSION_COM_EXAMPLE_X 1", ERROR, ERROR, ERROR),
          new Row("STARTTLS", ERROR, ERROR, ERROR),
          new Row("FOO", ERROR, ERROR, ERROR),
          new Row("begin", ERROR, ERROR, ERROR),
          new Row("", ERROR, ERROR, ERROR),
          new Row("BEGIN\0", ERROR, ERROR, ERROR),
          new Row("AUTH \u00e4", ERROR, ERROR, ERROR),
          new Row("CANCEL\nBEGIN", ERROR, ERROR, ERROR));

  static Stream<Arguments> cells() {
    return COLUMNS.stream()
        .flatMap(column ->
            ROWS.stream().map(row -> Arguments.of(column, row.line(), row.in(column.state()))));
  }

  /// The row of DATA, which depends on the mechanism where it is expected.
  static Stream<Arguments> cellsOfData() {
    List<Arguments> cells = new ArrayList<>();
    for (Column column : COLUMNS) {
      if (column.state() != State.DATA) {
        cells.add(Arguments.of(column, "DATA", ERROR));
        cells.add(Arguments.of(column, "DATA ", ERROR));
        cells.add(Arguments.of(column, "DATA 31303030", ERROR));
        cells.add(Arguments.of(column, "DATA 74776f", ERROR));
      }
    }
    Column external = COLUMNS.get(2);
    cells.add(Arguments.of(external, "DATA", Peers.OK));
    cells.add(Arguments.of(external, "DATA ", Peers.OK));
    cells.add(Arguments.of(external, "DATA 31303030", Peers.OK));
    cells.add(Arguments.of(external, "DATA 31303031", REJECTED));
    Column steps = COLUMNS.get(3);
    cells.add(Arguments.of(steps, "DATA 6f6e65", "DATA 7468656e3f"));
    cells.add(Arguments.of(steps, "DATA", REJECTED));
    Column halfWay = COLUMNS.get(4);
    cells.add(Arguments.of(halfWay, "DATA 74776f", Peers.OK));
    cells.add(Arguments.of(halfWay, "DATA 6f6e65", REJECTED));
    return cells.stream();
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @MethodSource({"cells", "cellsOfData"})
  @DisplayName("AUTH-15..21 each cell has its answer and its next state")
  void eachCellHasItsAnswerAndItsNextState(Column column, String line, String expected) {
    List<String> script = new ArrayList<>(column.script());
    ServerHandshake handshake = after(script);

    String answer = Talk.sayLine(handshake, line);

    switch (expected) {
      case END -> {
        assertEquals("", answer);
        assertEquals(
            FailureReason.BEGIN_BEFORE_OK,
            assertInstanceOf(Failed.class, handshake.status()).reason());
      }
      case DONE -> {
        assertEquals("", answer);
        assertInstanceOf(Authenticated.class, handshake.status());
      }
      default -> {
        assertEquals(expected, expected.equals(ERROR) ? answer.split(" ", 2)[0] : answer);
        assertInstanceOf(NeedsMore.class, handshake.status());
        script.add(line);
        assertEquals(next(column.state(), expected), stateAfter(script));
      }
    }
  }

  static Stream<Arguments> errorsWhileWaitingForData() {
    return cells()
        .filter(it -> ((Column) it.get()[0]).state() == State.DATA && it.get()[2].equals(ERROR));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("errorsWhileWaitingForData")
  @DisplayName("AUTH-16 after an ERROR the mechanism goes on as if the line had never come")
  void afterAnErrorTheMechanismGoesOn(Column column, String line) {
    List<String> script = new ArrayList<>(column.script());
    script.add(line);
    ServerHandshake handshake = after(script);
    String last =
        switch (column.mechanism()) {
          case "EXTERNAL" -> "DATA";
          case "STEPS" -> {
            assertEquals("DATA 7468656e3f", Talk.sayLine(handshake, "DATA 6f6e65"));
            yield "DATA 74776f";
          }
          default -> "DATA 74776f";
        };

    assertEquals(Peers.OK, Talk.sayLine(handshake, last));
  }

  private static State next(State now, String answer) {
    return switch (answer) {
      case ERROR, AGREE -> now;
      case REJECTED -> State.AUTH;
      case Peers.OK -> State.BEGIN;
      default -> State.DATA;
    };
  }

  private static State stateAfter(List<String> script) {
    ServerHandshake first = after(script);
    Talk.sayLine(first, "BEGIN");
    if (first.status() instanceof Authenticated) {
      return State.BEGIN;
    }
    return Talk.sayLine(after(script), "CANCEL").equals(REJECTED) ? State.DATA : State.AUTH;
  }

  private static ServerHandshake after(List<String> script) {
    ServerHandshake handshake = Peers.greeted(Peers.serverOfAll());
    script.forEach(line -> Talk.sayLine(handshake, line));
    return handshake;
  }
}
