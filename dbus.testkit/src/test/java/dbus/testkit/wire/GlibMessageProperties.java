package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.testkit.glib.GlibProcess;
import dbus.wire.Body;
import dbus.wire.ErrorMessage;
import dbus.wire.InvalidMessageException;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.Signature;
import dbus.wire.UnknownMessage;
import dbus.wire.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// GLib and this library understand each other's messages. Only valid ones are sent to GLib: it
/// does not survive some of the others.
@AddLifecycleHook(NeedsGlib.class)
class GlibMessageProperties {
  private static GlibProcess glib;

  @BeforeContainer
  static void startGlib() {
    glib = GlibProcess.start(GlibMessageProperties.class, "glib-messages.py");
  }

  @AfterContainer
  static void stopGlib() throws IOException {
    // It is missing if it could not be started; that error is the one to report.
    if (glib != null) {
      glib.close();
    }
  }

  @Property(tries = 3000)
  @Label(
      "g_dbus_message_new_from_blob, …_to_blob: both read what the other has written, as the same")
  void bothReadTheSame(@ForAll("messages") Message message, @ForAll("byteOrders") ByteOrder order)
      throws InvalidMessageException {
    assertGlibReadsTheSame(message, order);
  }

  @Property(tries = 500)
  @Label("WIRE-22 GLib reads values nested up to the limits")
  void bothReadDeepValues(
      @ForAll("deepMessages") Message message, @ForAll("byteOrders") ByteOrder order)
      throws InvalidMessageException {
    assertGlibReadsTheSame(message, order);
  }

  @Example
  @Label(
      "WIRE-10, WIRE-11 an array may end with a small element; GLib 2.74 loses it behind padding")
  void smallLastElement() throws InvalidMessageException {
    Value one = Value.Struct.of(Value.Array.ofInt32s(7));
    Value none = Value.Struct.of(Value.Array.ofInt32s());
    Value array = Value.Array.of(one.type(), one, none);
    Message message = callWith(array);

    assertTrue(LostByGlib.anyOf(List.of(array)));
    assertFalse(LostByGlib.anyOf(List.of(Value.Array.of(one.type(), none, one))));
    // Where no padding is needed, GLib reads all.
    assertFalse(LostByGlib.anyOf(List.of(new Value.UInt32(1), array)));
    byte[] bytes = MessageEncoder.encode(message, 1, ByteOrder.LITTLE_ENDIAN);
    assertEquals(List.of(array), Decoding.first(bytes).orElseThrow().body().values());
  }

  private static void assertGlibReadsTheSame(Message message, ByteOrder order)
      throws InvalidMessageException {
    Assume.that(!LostByGlib.anyOf(message.body().values()));
    HexFormat hex = HexFormat.of();
    String question = hex.formatHex(MessageEncoder.encode(message, message.serial(), order));

    String[] answer = glib.ask(question).split(" ", -1);

    assertEquals(header(message), answer[0]);
    assertEquals(describe(message.body().values()), answer[1]);
    // GLib writes no message that lacks its descriptors.
    assertEquals(message.unixFds() == 0 ? 4 : 2, answer.length);
    for (int i = 2; i < answer.length; i++) {
      assertEquals(message, Decoding.first(hex.parseHex(answer[i])).orElseThrow());
    }
  }

  /// The header as the script writes it.
  private static String header(Message message) {
    List<Object> ofKind =
        switch (message) {
          case MethodCall call ->
              List.of(
                  call.path(),
                  call.interfaceName().map(Object::toString).orElse(""),
                  call.member(),
                  "",
                  0);
          case Signal signal ->
              List.of(signal.path(), signal.interfaceName(), signal.member(), "", 0);
          case MethodReturn reply -> List.of("", "", "", "", unsigned(reply.replySerial()));
          case ErrorMessage error ->
              List.of("", "", "", error.errorName(), unsigned(error.replySerial()));
          case UnknownMessage unknown -> throw new IllegalArgumentException(unknown.toString());
        };
    return Stream.of(
            List.of(message.type().code(), flags(message), unsigned(message.serial())),
            ofKind,
            List.of(
                message.destination().map(Object::toString).orElse(""),
                message.sender().map(Object::toString).orElse(""),
                message.body().signature(),
                message.unixFds()))
        .flatMap(List::stream)
        .map(Object::toString)
        .collect(Collectors.joining("|"));
  }

  private static String unsigned(int number) {
    return Integer.toUnsignedString(number);
  }

  private static int flags(Message message) {
    return message.flags().stream()
        .mapToInt(flag ->
            switch (flag) {
              case NO_REPLY_EXPECTED -> 1;
              case NO_AUTO_START -> 2;
              case ALLOW_INTERACTIVE_AUTHORIZATION -> 4;
            })
        .sum();
  }

  /// The arguments as the script writes them, for which they are one struct.
  private static String describe(List<Value> arguments) {
    return arguments.stream()
            .map(value -> value.type().toString())
            .collect(Collectors.joining("", "(", ")"))
        + items(arguments.stream());
  }

  private static String describe(Value value) {
    return switch (value) {
      case Value.Byte(int v) -> "y" + v;
      case Value.Bool(boolean v) -> v ? "b1" : "b0";
      case Value.Int16(short v) -> "n" + v;
      case Value.UInt16(int v) -> "q" + v;
      case Value.Int32(int v) -> "i" + v;
      case Value.UInt32(long v) -> "u" + v;
      case Value.Int64(long v) -> "x" + v;
      case Value.UInt64(BigInteger v) -> "t" + v;
      case Value.UnixFd(int v) -> "h" + v;
      case Value.Double(double v) ->
          "d" + HexFormat.of().toHexDigits(Double.doubleToRawLongBits(v));
      case Value.Str(String v) -> "s" + hex(v);
      case Value.Path(ObjectPath v) -> "o" + hex(v.value());
      case Value.Sig(Signature v) -> "g" + hex(v.toString());
      case Value.Variant(Value v) -> "v<" + describe(v) + ">";
      case Value.Array array -> value.type() + items(array.items().stream());
      case Value.Struct struct -> value.type() + items(struct.fields().stream());
      case Value.Dict dict ->
          dict.entries().stream()
              .map(e -> dict.entryType() + items(Stream.of(e.key(), e.value())))
              .collect(Collectors.joining(",", value.type() + "[", "]"));
    };
  }

  private static String items(Stream<Value> values) {
    return values.map(value -> describe(value)).collect(Collectors.joining(",", "[", "]"));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<Message> messages() {
    return MessageArbitraries.messages();
  }

  @Provide
  Arbitrary<Message> deepMessages() {
    return ValueArbitraries.deepValues().map(GlibMessageProperties::callWith);
  }

  private static Message callWith(Value value) {
    return MethodCall.of(new ObjectPath("/"), new MemberName("a"))
        .withBody(Body.of(value))
        .withUnixFds(Common.requiredUnixFds(List.of(value)))
        .withSerial(1);
  }

  @Provide
  Arbitrary<ByteOrder> byteOrders() {
    return MessageArbitraries.byteOrders();
  }
}
