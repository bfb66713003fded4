package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CallsInProgress.Entry;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What a call holds is given back once, whoever ends it, and in whichever order.
class OpenCallTest {

  private final CallsInProgress one =
      new CallsInProgress(1, 1 << 20, new Spending().queue(), () -> {}, () -> {}, () -> {});

  private OpenCall open() {
    return new OpenCall(
        MethodCall.of(ObjectPath.ROOT, new MemberName("Call")),
        one,
        new HeldUnixFds(64, new Spending(), () -> {}, () -> {}));
  }

  @Test
  @DisplayName("CONN-13 a call that is over twice makes room for one other call")
  void twiceOver() {
    assertEquals(Entry.BEGUN, one.enter(1));
    OpenCall call = open();
    call.over();
    call.over();
    call.handlerHasReturned();
    assertEquals(Entry.BEGUN, one.enter(1));
    assertEquals(Entry.LATER, one.enter(1));
  }

  @Test
  @DisplayName("CONN-13 a call that was never counted makes room for none")
  void notCounted() {
    assertEquals(Entry.BEGUN, one.enter(1));
    OpenCall ping = open();
    ping.isNotCounted();
    ping.over();
    ping.handlerHasReturned();
    assertEquals(Entry.LATER, one.enter(1));
  }

  @Test
  @DisplayName("CONN-49 there is one right to answer, until it is given back")
  void oneAnswer() {
    OpenCall call = open();
    assertTrue(call.beginAnswer());
    assertFalse(call.beginAnswer());
    call.cannotAnswerSo();
    assertFalse(call.isAnswered());
    assertTrue(call.beginAnswer());
    assertTrue(call.isAnswered());
  }
}
