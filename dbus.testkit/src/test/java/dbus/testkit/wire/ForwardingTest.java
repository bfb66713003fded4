package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.MemberName;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Messages that are passed on by who does not look into them.
class ForwardingTest {
  private static final int STRINGS = 100_000;

  @Test
  @DisplayName("WIRE-36 a message is checked and passed on without an object for each value")
  void noObjects() throws Exception {
    byte[] bytes =
        MessageEncoder.encode(
            MethodCall.of(ObjectPath.ROOT, new MemberName("M"))
                .withBody(
                    Body.of(Codec.listOf(Codec.STRING), Collections.nCopies(STRINGS, "text"))),
            1,
            ByteOrder.nativeOrder());
    assertArrayEquals(bytes, forward(bytes));

    long before = Allocation.bytes();
    byte[] forwarded = forward(bytes);
    long allocated = Allocation.bytes() - before;

    assertArrayEquals(bytes, forwarded);
    // The buffer of the encoder, and what is taken from it. An object takes 16 bytes at least.
    assertTrue(
        allocated < 2L * bytes.length + 16L * STRINGS / 2,
        () -> allocated + " bytes for " + bytes.length);
  }

  private static byte[] forward(byte[] bytes) throws Exception {
    Message message = MessageDecoder.decode(bytes);
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(message, message.serial());
    ByteBuffer out = ByteBuffer.allocate(encoder.size());
    encoder.drainTo(out);
    return out.array();
  }

  @Test
  @DisplayName("WIRE-36, WIRE-18 a dictionary with a key twice is passed on as it came")
  void asItCame() throws Exception {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "6c01000112000000010000002b00000001016f00010000002f00000000000000"
                    + "030173000400000050696e67000000000801670005617b79797d000000000000"
                    + "0a0000000000000001010000000000000102");
    Message message = MessageDecoder.decode(bytes);
    Value[] values = message.body().values().toArray(Value[]::new);
    assertThrows(IllegalArgumentException.class, () -> Body.of(values));
    assertArrayEquals(bytes, forward(bytes));
    byte[] other = MessageEncoder.encode(message, 1, ByteOrder.BIG_ENDIAN);
    assertEquals(message, MessageDecoder.decode(other));
  }
}
