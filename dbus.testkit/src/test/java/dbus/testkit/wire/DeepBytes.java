package dbus.testkit.wire;

import dbus.wire.BasicType;
import dbus.wire.Body;
import dbus.wire.DictEntryType;
import dbus.wire.MemberName;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import dbus.wire.VariantType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Messages of one value inside many variants, on either side of the limit of 64 containers.
final class DeepBytes {
  private static final List<Value> CONTENTS =
      List.of(
          new Value.Byte(7),
          new Value.Str("x"),
          Value.Array.ofBytes(),
          Value.Array.ofBytes((byte) 7),
          Value.Array.ofInt64s(),
          Value.Array.ofInt64s(7),
          Value.Array.of(BasicType.BOOLEAN, new Value.Bool(true)),
          Value.Array.ofStrings(),
          Value.Array.ofStrings("x"),
          Value.Array.of(VariantType.VARIANT),
          Value.Struct.of(new Value.Byte(7)),
          Value.Struct.of(Value.Array.ofBytes((byte) 7)),
          Value.Struct.of(Value.Array.ofStrings("x")),
          new Value.Dict(new DictEntryType(BasicType.BYTE, BasicType.BYTE), List.of()),
          new Value.Dict(
              new DictEntryType(BasicType.BYTE, BasicType.BYTE),
              List.of(new Value.Entry(new Value.Byte(1), new Value.Byte(2)))));

  private DeepBytes() {}

  static Arbitrary<byte[]> any() {
    return Combinators.combine(Arbitraries.of(CONTENTS), Arbitraries.integers().between(60, 66))
        .as(DeepBytes::inVariants);
  }

  /// This library writes no value that is too deep, so the variants are put in front of its bytes.
  private static byte[] inVariants(Value content, int variants) {
    byte[] signature = content.type().toString().getBytes(StandardCharsets.US_ASCII);
    int prefix = 3 * (variants - 1) + 1 + signature.length + 1;
    // Bytes before it let the content begin at a multiple of 8, as it does in a body of its own.
    int bytesBefore = -prefix & 7;
    Body body = Body.of(content).withByteOrder(ByteOrder.LITTLE_ENDIAN);
    byte[] header = header(bytesBefore);
    ByteBuffer message =
        ByteBuffer.allocate(header.length + bytesBefore + prefix + body.length())
            .order(ByteOrder.LITTLE_ENDIAN);
    message.put(header).put(new byte[bytesBefore]);
    for (int i = 1; i < variants; i++) {
      message.put(new byte[] {1, 'v', 0});
    }
    message.put((byte) signature.length).put(signature).put((byte) 0).put(body.bytes());
    return message.putInt(4, message.position() - header.length).array();
  }

  /// The header of a call with some bytes and a variant.
  private static byte[] header(int bytes) {
    List<Value> arguments = new ArrayList<>(Collections.nCopies(bytes, new Value.Byte(0)));
    arguments.add(new Value.Variant(new Value.Byte(0)));
    Body body = Body.of(arguments.toArray(Value[]::new));
    byte[] message =
        MessageEncoder.encode(
            MethodCall.of(new ObjectPath("/"), new MemberName("a")).withBody(body),
            1,
            ByteOrder.LITTLE_ENDIAN);
    return Arrays.copyOf(message, message.length - body.length());
  }
}
