package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A write that is refused")
class RefusedWriteTest {
  private static final int MAX_LENGTH = 1 << 27;

  @Test
  @DisplayName("WIRE-27: is as if it had not been tried, so that a message holds what was not")
  void texts() throws InvalidMessageException {
    Signature signature = Signature.parse("as");
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(
        MethodCall.of(ObjectPath.ROOT, new MemberName("Files")),
        1,
        ByteOrder.LITTLE_ENDIAN,
        signature,
        w -> {
          w.beginArray();
          w.writeString("file1");
          assertThrows(IllegalArgumentException.class, () -> w.writeString("bad\0"));
          w.writeString("ok");
          assertThrows(IllegalArgumentException.class, () -> w.writeString("\ud800"));
          w.endArray();
        });
    byte[] bytes = new byte[encoder.size()];
    encoder.peek().get(bytes);
    assertEquals(
        List.of(Value.Array.ofStrings("file1", "ok")),
        MessageDecoder.decode(bytes).body().values());
  }

  @Test
  @DisplayName("FD-05: asks for no descriptor")
  void unixFds() {
    Body body =
        Body.write(
            Signature.parse("u"),
            w -> {
              assertThrows(IllegalStateException.class, () -> w.writeUnixFd(5));
              w.writeUInt32(1);
            });
    assertEquals(0, body.requiredUnixFds());
  }

  static Stream<Arguments> beyondTheLastByte() {
    return Stream.of(
        row("y", w -> w.writeByteArray(new byte[100])),
        row("n", w -> w.writeInt16Array(new short[100])),
        row("t", w -> w.writeValue(numbers(BasicType.UINT64, Value.UInt64.ofBits(1)))),
        row("h", w -> w.writeValue(numbers(BasicType.UNIX_FD, new Value.UnixFd(252)))));
  }

  private static Arguments row(String element, Consumer<WireWriter> array) {
    return Arguments.of(element, array);
  }

  private static Value numbers(BasicType type, Value value) {
    Value[] values = new Value[100];
    Arrays.fill(values, value);
    return Value.Array.of(type, values);
  }

  @ParameterizedTest(name = "a{0}")
  @MethodSource("beyondTheLastByte")
  @DisplayName("WIRE-13, MSG-03: leaves an array unwritten that does not fit into the 128 MiB")
  void arrays(String element, Consumer<WireWriter> array) {
    Signature signature = Signature.parse("ya" + element);
    WireWriter writer = nearlyFull(signature, 16);
    writer.writeByte(1);
    int before = writer.position();

    assertThrows(IllegalArgumentException.class, () -> array.accept(writer));

    assertEquals(before, writer.position());
    assertEquals(0, writer.requiredUnixFds());
    IllegalStateException e = assertThrows(IllegalStateException.class, writer::finish);
    assertEquals(
        "the body is not complete: at 1 of the signature \"" + signature + "\"", e.getMessage());
  }

  @Test
  @DisplayName("MSG-03: a message of exactly 128 MiB is no refusal")
  void exactlyFull() {
    WireWriter writer = nearlyFull(Signature.parse("yat"), 24);
    writer.writeByte(1);
    writer.beginArray();
    writer.writeUInt64Bits(1);
    writer.writeUInt64Bits(2);
    assertThrows(IllegalArgumentException.class, () -> writer.writeUInt64Bits(3));
    writer.endArray();
    assertEquals(24, writer.finish().length());
  }

  @Test
  @DisplayName("WIRE-22: opens no container where 64 are open")
  void containers() {
    for (String innermost : List.of("(y)", "a{yy}", "ay", "v")) {
      WireWriter writer = new WireWriter(Signature.parse("v"), true, new byte[16]);
      boolean entry = innermost.equals("a{yy}");
      for (int i = entry ? 2 : 1; i < Nesting.MAX_IN_VALUE; i++) {
        writer.beginVariant(VariantType.VARIANT);
      }
      writer.beginVariant(Signature.parse(innermost));
      if (entry) {
        writer.beginArray();
      }
      int before = writer.position();
      Runnable begin =
          switch (innermost) {
            case "(y)" -> writer::beginStruct;
            case "a{yy}" -> writer::beginDictEntry;
            case "ay" -> writer::beginArray;
            default -> () -> writer.beginVariant(BasicType.BYTE);
          };
      assertThrows(IllegalArgumentException.class, begin::run, innermost);
      assertEquals(before, writer.position(), innermost);
    }
  }

  /// A writer to whom so many bytes are left: its message begins that far in front of the array, so
  /// that a test of the limit does not take 128 MiB.
  private static WireWriter nearlyFull(Signature signature, int left) {
    WireWriter writer = new WireWriter();
    writer.restart(signature, true, new byte[16], left - MAX_LENGTH, 0);
    return writer;
  }
}
