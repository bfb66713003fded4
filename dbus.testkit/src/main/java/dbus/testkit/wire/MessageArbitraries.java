package dbus.testkit.wire;

import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.Message;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signal;
import java.nio.ByteOrder;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of messages of each kind, in either byte order, with and without the fields that a
/// kind may leave out. Every message has a serial and can be encoded. They shrink to a message
/// without arguments, with short names, and with serial 1.
public final class MessageArbitraries {
  private MessageArbitraries() {}

  /// Any serial: an unsigned 32-bit number, not 0.
  public static Arbitrary<Integer> serials() {
    Arbitrary<Integer> special =
        Arbitraries.of(1, 2, 0x100, Integer.MAX_VALUE, Integer.MIN_VALUE, -1);
    return Arbitraries.frequencyOf(
            Tuple.of(1, special), Tuple.of(2, Arbitraries.integers().filter(n -> n != 0)))
        .withoutEdgeCases();
  }

  /// Either byte order.
  public static Arbitrary<ByteOrder> byteOrders() {
    return Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN).withoutEdgeCases();
  }

  /// Any body of up to four arguments. One with a UNIX_FD can only be sent in a message that
  /// declares descriptors.
  public static Arbitrary<Body> bodies() {
    return Common.any().map(Common::body).withoutEdgeCases();
  }

  /// Any method call, with or without an interface.
  public static Arbitrary<MethodCall> methodCalls() {
    return Combinators.combine(calls(), Common.any())
        .as((call, common) -> common.in(call))
        .withoutEdgeCases();
  }

  /// Any method return.
  public static Arbitrary<MethodReturn> methodReturns() {
    return Combinators.combine(answeredCalls(), Common.any())
        .as((call, common) -> common.in(MethodReturn.to(call)))
        .withoutEdgeCases();
  }

  /// Any error, with or without a text for people.
  public static Arbitrary<ErrorMessage> errors() {
    return Combinators.combine(answeredCalls(), NameArbitraries.errorNames(), Common.any())
        .as((call, name, common) -> common.in(ErrorMessage.to(call, name, "")))
        .withoutEdgeCases();
  }

  /// Any signal.
  public static Arbitrary<Signal> signals() {
    return Combinators.combine(
            NameArbitraries.objectPaths(),
            NameArbitraries.interfaceNames(),
            NameArbitraries.memberNames(),
            Common.any())
        .as((path, interfaceName, member, common) ->
            common.in(Signal.of(path, interfaceName, member)))
        .withoutEdgeCases();
  }

  /// Any message of the four kinds.
  public static Arbitrary<Message> messages() {
    return Arbitraries.oneOf(
            methodCalls().map(message -> (Message) message),
            methodReturns().map(message -> (Message) message),
            errors().map(message -> (Message) message),
            signals().map(message -> (Message) message))
        .withoutEdgeCases();
  }

  private static Arbitrary<MethodCall> calls() {
    return Combinators.combine(
            NameArbitraries.objectPaths(),
            NameArbitraries.interfaceNames().optional(),
            NameArbitraries.memberNames())
        .as((path, interfaceName, member) ->
            interfaceName
                .map(name -> MethodCall.of(path, name, member))
                .orElseGet(() -> MethodCall.of(path, member)))
        .withoutEdgeCases();
  }

  private static Arbitrary<MethodCall> answeredCalls() {
    return Combinators.combine(calls(), serials()).as(MethodCall::withSerial).withoutEdgeCases();
  }
}
