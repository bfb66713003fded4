package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dbus.address.Guid;
import dbus.auth.HandshakeStatus.Authenticated;
import dbus.auth.HandshakeStatus.Failed;
import dbus.auth.HandshakeStatus.NeedsMore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The table "Client states" of the specification: every cell, with each mechanism that can be in
/// the state. The state that follows is found out by asking, not by looking inside.
@DisplayName("AUTH-15 client states")
class ClientStateTableTest {
  private static final String NEXT = "AUTH ANONYMOUS 6462757320666f72204a617661";
  private static final String CANCEL = "CANCEL";
  private static final String ERROR = "ERROR";
  private static final String NEGOTIATE = "NEGOTIATE_UNIX_FD";
  private static final String END = "(end)";
  private static final String DONE = "(done, without descriptors)";
  private static final String DONE_WITH_FDS = "(done, with descriptors)";

  enum State {
    DATA,
    OK,
    REJECT,
    AGREE
  }

  /// A way into a state. After its mechanism ANONYMOUS is tried.
  record Column(State state, String name, ClientMechanism mechanism, List<String> script) {
    @Override
    public String toString() {
      return "WaitingFor" + state + " with " + name;
    }
  }

  private static Column column(
      State state, String name, ClientMechanism mechanism, String... script) {
    return new Column(state, name, mechanism, List.of(script));
  }

  private static final ClientMechanism SILENT = ClientMechanism.externalWithoutIdentity();
  private static final ClientMechanism STEPS = new ClientSteps();
  private static final String THEN = "DATA " + Talk.hex("then?");
  private static final String AND = "DATA " + Talk.hex("and?");

  private static final List<Column> COLUMNS =
      List.of(
          column(State.DATA, "EXTERNAL without identity", SILENT),
          column(State.DATA, "STEPS", STEPS),
          column(State.DATA, "STEPS, one on", STEPS, AND),
          column(State.OK, "EXTERNAL", Peers.external()),
          column(State.OK, "EXTERNAL without identity", SILENT, "DATA"),
          column(State.OK, "STEPS", STEPS, THEN),
          column(State.REJECT, "EXTERNAL", Peers.external(), "ERROR"),
          column(State.REJECT, "EXTERNAL, asked", Peers.external(), "DATA"),
          column(State.REJECT, "STEPS", STEPS, "ERROR"),
          column(State.AGREE, "EXTERNAL", Peers.external(), Peers.OK),
          column(State.AGREE, "STEPS", STEPS, THEN, Peers.OK));

  /// One row: what is received, and what is answered in each of the four states.
  record Row(String line, String data, String ok, String reject, String agree) {
    String in(State state) {
      return switch (state) {
        case DATA -> data;
        case OK -> ok;
        case REJECT -> reject;
        case AGREE -> agree;
      };
    }
  }

  private static Row anythingElse(String line) {
    return new Row(line, ERROR, ERROR, END, END);
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("DATA ff", ERROR, CANCEL, END, END),
          new Row("REJECTED ANONYMOUS", NEXT, NEXT, NEXT, END),
          new Row("REJECTED EXTERNAL STEPS ANONYMOUS", NEXT, NEXT, NEXT, END),
          new Row("REJECTED EXTERNAL STEPS", END, END, END, END),
          new Row("REJECTED", END, END, END, END),
          new Row("ERROR", CANCEL, CANCEL, END, DONE),
          new Row("ERROR \"no\"", CANCEL, CANCEL, END, DONE),
          new Row(Peers.OK, NEGOTIATE, NEGOTIATE, END, END),
          new Row("AGREE_UNIX_FD", ERROR, ERROR, END, DONE_WITH_FDS),
          new Row("OK", END, END, END, END),
          new Row("OK 0123", END, END, END, END),
          new Row(Peers.OK + " ", END, END, END, END),
          new Row(Peers.OK + " x", END, END, END, END),
          anythingElse("DATA f"),
          anythingElse("DATA xy"),
          anythingElse("REJECTED  EXTERNAL"),
          anythingElse("AGREE_UNIX_FD 1"),
          anythingElse("AUTH"),
          anythingElse("AUTH EXTERNAL"),
          anythingElse("CANCEL"),
          anythingElse("BEGIN"),
          anythingElse("NEGOTIATE_UNIX_FD"),
          anythingElse("EXTENSION_COM_EXAMPLE"),
          anythingElse("FOO"),
          anythingElse("ok"),
          anythingElse(""),
          anythingElse("OK\0"),
          anythingElse("ERROR \u00e4"));

  static Stream<Arguments> cells() {
    return COLUMNS.stream()
        .flatMap(column ->
            ROWS.stream().map(row -> Arguments.of(column, row.line(), row.in(column.state()))));
  }

  static Stream<Arguments> cellsOfData() {
    List<Arguments> cells = new ArrayList<>();
    cells.add(Arguments.of(COLUMNS.get(0), "DATA", "DATA"));
    cells.add(Arguments.of(COLUMNS.get(0), "DATA ", "DATA"));
    cells.add(Arguments.of(COLUMNS.get(1), AND, "DATA " + Talk.hex("so")));
    cells.add(Arguments.of(COLUMNS.get(1), THEN, "DATA " + Talk.hex("two")));
    for (Column column : COLUMNS) {
      switch (column.state()) {
        case OK -> cells.add(Arguments.of(column, "DATA", CANCEL));
        case REJECT, AGREE -> cells.add(Arguments.of(column, "DATA", END));
        case DATA -> {}
      }
    }
    return cells.stream();
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @MethodSource({"cells", "cellsOfData"})
  @DisplayName("AUTH-15, AUTH-28, AUTH-48, AUTH-61 each cell has its answer and its next state")
  void eachCellHasItsAnswerAndItsNextState(Column column, String line, String expected) {
    List<String> script = new ArrayList<>(column.script());
    ClientHandshake handshake = after(column.mechanism(), script);

    String answer = Talk.sayLine(handshake, line);

    switch (expected) {
      case END -> {
        assertEquals("", answer);
        assertInstanceOf(Failed.class, handshake.status());
      }
      case DONE, DONE_WITH_FDS -> {
        assertEquals("BEGIN", answer);
        assertEquals(
            new Authenticated(
                column.mechanism().name(),
                Optional.empty(),
                Guid.parse("0123456789abcdef0123456789abcdef"),
                expected.equals(DONE_WITH_FDS),
                Optional.empty()),
            handshake.status());
      }
      default -> {
        assertEquals(expected, answer);
        assertInstanceOf(NeedsMore.class, handshake.status());
        script.add(line);
        assertEquals(next(column.state(), expected, line), stateAfter(column.mechanism(), script));
      }
    }
  }

  private static State next(State now, String answer, String line) {
    return switch (answer) {
      case ERROR -> now;
      case CANCEL -> State.REJECT;
      case NEXT -> State.OK;
      case NEGOTIATE -> State.AGREE;
      default -> line.equals(AND) ? State.DATA : State.OK;
    };
  }

  private static State stateAfter(ClientMechanism mechanism, List<String> script) {
    ClientHandshake first = after(mechanism, script);
    Talk.sayLine(first, "AGREE_UNIX_FD");
    return switch (first.status()) {
      case Authenticated _ -> State.AGREE;
      case Failed _ -> State.REJECT;
      case NeedsMore _ ->
          Talk.sayLine(after(mechanism, script), "DATA ff").equals(CANCEL) ? State.OK : State.DATA;
    };
  }

  private static ClientHandshake after(ClientMechanism mechanism, List<String> script) {
    ClientHandshake handshake =
        ClientHandshake.builder()
            .mechanisms(List.of(mechanism, ClientMechanism.anonymous()))
            .unixFds(true)
            .build();
    handshake.takeOutput();
    script.forEach(line -> Talk.sayLine(handshake, line));
    return handshake;
  }
}
