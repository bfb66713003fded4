package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.wire.Body;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/// It does not matter in which memory the bytes of a message lie, nor where in it.
class MemoryProperties {
  @Property(tries = 3000)
  @Label("WIRE-07, WIRE-34 the same bytes get the same verdict in all memory, at every place")
  void sameVerdict(@ForAll("anyBytes") byte[] bytes, @ForAll @IntRange(max = 16) int before) {
    String expected = verdict(ByteBuffer.wrap(bytes));
    try (Arena arena = Arena.ofConfined()) {
      for (ByteBuffer memory :
          List.of(
              ByteBuffer.allocate(before + bytes.length + 3),
              ByteBuffer.allocateDirect(before + bytes.length + 3),
              arena.allocate(before + bytes.length + 3L).asByteBuffer(),
              MemorySegment.ofArray(new byte[before + bytes.length + 5]).asByteBuffer())) {
        memory.position(before).put(bytes).flip().position(before);
        // That of the buffer is not that of the message.
        memory.order(before % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);

        assertEquals(expected, verdict(memory));
        assertEquals(expected, verdict(memory.asReadOnlyBuffer()));
        assertEquals(expected, verdict(memory.slice()));
        assertEquals(before, memory.position());
        assertEquals(before + bytes.length, memory.limit());
      }
    }
    Statistics.label("valid")
        .collect(expected.startsWith("valid"))
        .coverage(seen -> {
          seen.check(true).count(n -> n > 300);
          seen.check(false).count(n -> n > 300);
        });
  }

  /// What a message says, or what is wrong with it and where.
  private static String verdict(ByteBuffer bytes) {
    try {
      Message message = MessageDecoder.decode(bytes);
      Body body = message.body();
      assertEquals(body, Body.decode(body.signature(), body.byteOrder(), body.bytes()));
      return "valid: " + message.fields() + message.describe();
    } catch (InvalidMessageException e) {
      return e.violation() + " at " + e.offset() + ": " + e.getMessage();
    }
  }

  @Provide
  Arbitrary<byte[]> anyBytes() {
    return MessageBytes.any();
  }
}
