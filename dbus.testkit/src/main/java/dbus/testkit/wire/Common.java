package dbus.testkit.wire;

import dbus.wire.Body;
import dbus.wire.BusName;
import dbus.wire.ErrorMessage;
import dbus.wire.MessageFlag;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.Signal;
import dbus.wire.Value;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// What messages of all kinds have.
record Common(
    int serial,
    Set<MessageFlag> flagSet,
    Optional<BusName> destination,
    Optional<BusName> sender,
    Body body,
    int unixFds) {
  private static final int MAX_ARGUMENTS = 4;

  /// The most descriptors that a message can declare.
  private static final int MAX_UNIX_FDS = 253;

  // Made once, since jqwik is much faster with generators that it knows already.
  private static final Arbitrary<List<Value>> ARGUMENTS =
      Known.of(
          ValueArbitraries.values()
              .list()
              .ofMaxSize(MAX_ARGUMENTS)
              .filter(values ->
                  TypeArbitraries.fitsIntoSignature(values.stream().map(Value::type).toList())));

  private static final Arbitrary<Common> ANY =
      Known.of(
          Combinators.combine(
                  MessageArbitraries.serials(),
                  Arbitraries.of(MessageFlag.class).set(),
                  NameArbitraries.busNames().optional(0.3),
                  NameArbitraries.busNames().optional(0.3),
                  ARGUMENTS,
                  MessageArbitraries.byteOrders(),
                  Arbitraries.of(0, 0, 0, 0, 1, 2, MAX_UNIX_FDS))
              .as(Common::of));

  static Arbitrary<Common> any() {
    return ANY;
  }

  private static Common of(
      int serial,
      Set<MessageFlag> flags,
      Optional<BusName> destination,
      Optional<BusName> sender,
      List<Value> arguments,
      ByteOrder order,
      int spareUnixFds) {
    int required = arguments.stream().mapToInt(Common::requiredUnixFds).max().orElse(0);
    return new Common(
        serial,
        flags,
        destination,
        sender,
        Body.of(arguments.toArray(Value[]::new)).withByteOrder(order),
        Math.min(required + spareUnixFds, MAX_UNIX_FDS));
  }

  private static int requiredUnixFds(Value value) {
    return switch (value) {
      case Value.UnixFd(int index) -> index + 1;
      case Value.Variant(Value content) -> requiredUnixFds(content);
      case Value.Array array -> requiredUnixFds(array.items());
      case Value.Struct struct -> requiredUnixFds(struct.fields());
      case Value.Dict dict ->
          Math.max(
              requiredUnixFds(dict.entries().stream().map(Value.Entry::key).toList()),
              requiredUnixFds(dict.entries().stream().map(Value.Entry::value).toList()));
      default -> 0;
    };
  }

  private static int requiredUnixFds(List<Value> values) {
    return values.stream().mapToInt(Common::requiredUnixFds).max().orElse(0);
  }

  private MessageFlag[] flags() {
    return flagSet.toArray(MessageFlag[]::new);
  }

  MethodCall in(MethodCall bare) {
    MethodCall call = bare.withBody(body).withUnixFds(unixFds).withSerial(serial);
    call = destination.map(call::withDestination).orElse(call).withFlags(flags());
    return sender.map(call::withSender).orElse(call);
  }

  MethodReturn in(MethodReturn bare) {
    MethodReturn reply = bare.withBody(body).withUnixFds(unixFds).withSerial(serial);
    reply = destination.map(reply::withDestination).orElse(reply).withFlags(flags());
    return sender.map(reply::withSender).orElse(reply);
  }

  ErrorMessage in(ErrorMessage bare) {
    ErrorMessage error = bare.withBody(body).withUnixFds(unixFds).withSerial(serial);
    error = destination.map(error::withDestination).orElse(error).withFlags(flags());
    return sender.map(error::withSender).orElse(error);
  }

  Signal in(Signal bare) {
    Signal signal = bare.withBody(body).withUnixFds(unixFds).withSerial(serial);
    signal = destination.map(signal::withDestination).orElse(signal).withFlags(flags());
    return sender.map(signal::withSender).orElse(signal);
  }
}
