package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What a call holds is given back once, whoever ends it, and in whichever order.
class OpenCallTest {

  private final CallsInProgress one = new CallsInProgress(1, 1 << 20, () -> {}, () -> {});

  private OpenCall open() {
    return new OpenCall(
        MethodCall.of(ObjectPath.ROOT, new MemberName("Call")),
        one,
        new HeldUnixFds(HeldUnixFds.LIMIT, () -> {}));
  }

  @Test
  @DisplayName("CONN-13 a call that is over twice makes room for one other call")
  void twiceOver() {
    assertTrue(one.begin());
    OpenCall call = open();
    call.over();
    call.over();
    call.handlerHasReturned();
    assertTrue(one.begin());
    assertFalse(one.begin());
  }

  @Test
  @DisplayName("CONN-13 a call that was never counted makes room for none")
  void notCounted() {
    assertTrue(one.begin());
    OpenCall ping = open();
    ping.isNotCounted();
    ping.over();
    ping.handlerHasReturned();
    assertFalse(one.begin());
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
