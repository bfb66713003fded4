package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Messages and values in memory of every kind, at every place")
class MemoryTest {
  private static final Signature SIGNATURE = Signature.parse("ysa{sv}(nt)adag");
  private static final MethodCall CALL =
      MethodCall.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("Put"));

  private static Body body(ByteOrder order, String text) {
    return Body.write(
        SIGNATURE,
        order,
        w -> {
          w.writeByte(1);
          w.writeString(text);
          w.beginArray();
          w.beginDictEntry();
          w.writeString("key");
          w.beginVariant(Signature.parse("(si)"));
          w.beginStruct();
          w.writeString("inside");
          w.writeInt32(-2);
          w.endStruct();
          w.endVariant();
          w.endDictEntry();
          w.endArray();
          w.beginStruct();
          w.writeInt16((short) 3);
          w.writeUInt64Bits(-4);
          w.endStruct();
          w.writeDoubleArray(0.5, -0.0);
          w.beginArray();
          w.writeSignature(Signature.parse("a{sv}"));
          w.endArray();
        });
  }

  private static void assertUntouched(ByteBuffer buffer, int before, int length) {
    assertEquals(before, buffer.position(), "position");
    assertEquals(before + length, buffer.limit(), "limit");
    assertEquals(BIG_ENDIAN, buffer.order());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "WIRE-07: a message is decoded from any place, in both byte orders, like from an array")
  void decoded(MemoryKind kind) throws InvalidMessageException {
    for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
      byte[] bytes = MessageEncoder.encode(CALL.withBody(body(order, "tèxt")), 5, order);
      Message expected = MessageDecoder.decode(bytes);
      for (int before = 0; before < 17; before++) {
        for (ByteBuffer buffer :
            List.of(kind.holding(before, bytes), kind.holding(before, bytes).asReadOnlyBuffer())) {
          Message message = MessageDecoder.decode(buffer);
          assertEquals(expected, message);
          assertEquals(expected.fields(), message.fields());
          assertEquals(expected.body().values(), message.body().values());
          assertEquals(expected.describe(), message.describe());
          assertArrayEquals(bytes, MessageEncoder.encode(message, 5, order));
          assertUntouched(buffer, before, bytes.length);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("every test vector gets the same verdict, at the same offset of the message")
  void verdicts(MemoryKind kind) {
    for (MessageVector vector : MessageVector.all()) {
      for (int before : List.of(0, 3, 5, 8)) {
        // Three times, since a header that comes again is found by its bytes.
        for (int time = 0; time < 3; time++) {
          ByteBuffer buffer = kind.holding(before, vector.bytes());
          assertEquals(
              verdict(() -> MessageDecoder.decode(vector.bytes())),
              verdict(() -> MessageDecoder.decode(buffer)),
              vector::toString);
        }
      }
    }
  }

  private interface Attempt {
    Message decode() throws InvalidMessageException;
  }

  private static String verdict(Attempt attempt) {
    try {
      return attempt.decode().describe();
    } catch (InvalidMessageException e) {
      return e.violation() + " " + e.offset() + " " + e.getMessage();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("MSG-02: what is no whole message is refused before it is copied")
  void notWhole(MemoryKind kind) {
    byte[] bytes = MessageEncoder.encode(CALL, 1, LITTLE_ENDIAN);
    for (int length : List.of(0, 15, 16, bytes.length - 1, bytes.length + 1)) {
      ByteBuffer buffer = kind.holding(7, Arrays.copyOf(bytes, length));
      InvalidMessageException e =
          assertThrows(InvalidMessageException.class, () -> MessageDecoder.decode(buffer));
      boolean tooLong = length > bytes.length;
      assertEquals(tooLong ? Violation.BODY_TOO_LONG : Violation.OVERRUN, e.violation());
      assertEquals(Math.min(length, bytes.length), e.offset());
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "a message is a view where it begins at a multiple of 8 of an array, and else a copy")
  void views(MemoryKind kind) throws InvalidMessageException {
    byte[] bytes =
        MessageEncoder.encode(CALL.withBody(Body.of(Codec.STRING, "text")), 1, LITTLE_ENDIAN);
    for (int before = 0; before < 17; before++) {
      ByteBuffer buffer = kind.holding(before, bytes);
      Message message = MessageDecoder.decode(buffer);
      buffer.put(buffer.limit() - 2, (byte) 'T');
      boolean view = buffer.hasArray() && (buffer.arrayOffset() + before) % 8 == 0;
      assertEquals(view ? "texT" : "text", message.body().reader().readString());
    }
  }

  @Test
  @DisplayName("a message out of memory that has an end outlives it")
  void outlivesItsMemory() throws InvalidMessageException {
    byte[] bytes =
        MessageEncoder.encode(CALL.withBody(Body.of(Codec.STRING, "text")), 1, LITTLE_ENDIAN);
    Message message;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      message = MessageDecoder.decode(segment.asByteBuffer());
    }
    assertEquals("text", message.body().reader().readString());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("messages are fed from any memory, cut anywhere")
  void fed(MemoryKind kind) throws InvalidMessageException {
    byte[] one = MessageEncoder.encode(CALL.withBody(body(BIG_ENDIAN, "one")), 1, BIG_ENDIAN);
    byte[] two = MessageEncoder.encode(CALL.withBody(body(LITTLE_ENDIAN, "2")), 2, LITTLE_ENDIAN);
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    for (int cut = 0; cut <= both.length; cut++) {
      MessageDecoder decoder = new MessageDecoder();
      List<Message> messages = new ArrayList<>();
      for (byte[] piece :
          List.of(Arrays.copyOf(both, cut), Arrays.copyOfRange(both, cut, both.length))) {
        ByteBuffer buffer = kind.holding(cut % 16, piece).asReadOnlyBuffer();
        decoder.feed(cut % 2 == 0 ? buffer : kind.holding(cut % 16, piece));
        for (var m = decoder.next(); m.isPresent(); m = decoder.next()) {
          messages.add(m.get());
        }
      }
      assertEquals(List.of(MessageDecoder.decode(one), MessageDecoder.decode(two)), messages);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("messages are written into any memory, in pieces of any size, and nothing beside it")
  void written(MemoryKind kind) {
    byte[] bytes = MessageEncoder.encode(CALL.withBody(body(BIG_ENDIAN, "x")), 1, BIG_ENDIAN);
    for (int piece : List.of(1, 7, 64, bytes.length, bytes.length + 5)) {
      MessageEncoder encoder = new MessageEncoder();
      encoder.append(CALL.withBody(body(BIG_ENDIAN, "x")), 1, BIG_ENDIAN);
      for (int from = 0; from < bytes.length; from += piece) {
        int count = Math.min(piece, bytes.length - from);
        ByteBuffer target = kind.room(from % 11, piece);
        assertEquals(count, encoder.drainTo(target));
        assertEquals(from % 11 + count, target.position());
        byte[] around = new byte[target.capacity()];
        target.clear().get(around);
        byte[] expected = new byte[around.length];
        Arrays.fill(expected, (byte) 0xa5);
        System.arraycopy(bytes, from, expected, from % 11, count);
        assertArrayEquals(expected, around);
      }
      assertEquals(0, encoder.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("memory that cannot be written takes nothing away")
  void readOnlyTarget(MemoryKind kind) {
    MessageEncoder encoder = new MessageEncoder();
    int length = encoder.append(CALL, 1);
    ByteBuffer target = kind.room(0, length).asReadOnlyBuffer();
    assertThrows(ReadOnlyBufferException.class, () -> encoder.drainTo(target));
    assertEquals(length, encoder.size());
    assertEquals(0, target.position());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("WIRE-33: marshalled values alone go into any memory and come back")
  void valuesAlone(MemoryKind kind) throws InvalidMessageException {
    for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
      for (String text : List.of("", "text", "tèxt")) {
        Body body = body(order, text);
        for (int before = 0; before < 17; before++) {
          ByteBuffer buffer = kind.room(before, body.length());
          buffer.put(body.bytes());
          assertThrows(BufferOverflowException.class, () -> buffer.put(body.bytes()));
          buffer.position(before);
          Body back = Body.decode(SIGNATURE, order, buffer);
          assertEquals(body, back);
          assertEquals(order, back.byteOrder());
          assertEquals(body.values(), back.values());
          assertUntouched(buffer, before, body.length());
          // Its own: the memory can be used for something else.
          buffer.put(new byte[body.length()]);
          assertEquals(body.values(), back.values());
        }
      }
    }
  }

  @Test
  @DisplayName("no values have the empty signature")
  void noValues() throws InvalidMessageException {
    Body none = Body.decode(Signature.EMPTY, BIG_ENDIAN, ByteBuffer.allocate(0));
    assertEquals(List.of(), none.values());
    assertEquals(Body.EMPTY, none);
  }

  @Test
  @DisplayName("values alone are checked as those of a message are, with offsets from their start")
  void invalidValuesAlone() {
    record Case(String signature, List<Integer> bytes, Violation violation, int offset) {}
    for (Case c :
        List.of(
            new Case("b", List.of(0, 0, 0, 2), Violation.BOOLEAN, 0),
            new Case("yb", List.of(1, 0, 1, 0, 0, 0, 0, 1), Violation.PADDING, 2),
            new Case("s", List.of(0, 0, 0, 1, 0x80, 0), Violation.UTF8, 4),
            new Case("s", List.of(0, 0, 0, 1, 0x61, 1), Violation.TERMINATOR, 5),
            new Case("i", List.of(0, 0, 0), Violation.OVERRUN, 0),
            new Case("i", List.of(), Violation.OVERRUN, 0),
            new Case("y", List.of(1, 2), Violation.BODY_TOO_LONG, 1),
            new Case("", List.of(1), Violation.BODY_TOO_LONG, 0),
            new Case("yg", List.of(1, 1, 0x28, 0), Violation.SIGNATURE, 3),
            new Case("h", List.of(0, 0, 0, 253), Violation.UNIX_FD_INDEX, 0))) {
      ByteBuffer buffer = ByteBuffer.allocate(c.bytes.size() + 3).position(3);
      c.bytes.forEach(b -> buffer.put((byte) (int) b));
      buffer.position(3);
      InvalidMessageException e =
          assertThrows(
              InvalidMessageException.class,
              () -> Body.decode(Signature.parse(c.signature), BIG_ENDIAN, buffer),
              c::toString);
      assertEquals(c.violation, e.violation(), c::toString);
      assertEquals(c.offset, e.offset(), c::toString);
    }
  }

  @Test
  @DisplayName("FD-05: values alone need as many descriptors as their highest index asks for")
  void descriptorsOfValuesAlone() throws InvalidMessageException {
    byte[] bytes = {0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0, 1};
    Body body = Body.decode(Signature.parse("ah"), BIG_ENDIAN, ByteBuffer.wrap(bytes));
    assertThrows(
        IllegalArgumentException.class,
        () -> MessageEncoder.encode(CALL.withBody(body).withUnixFds(4), 1, BIG_ENDIAN));
    assertEquals(
        body,
        MessageDecoder.decode(
                MessageEncoder.encode(CALL.withBody(body).withUnixFds(5), 1, BIG_ENDIAN))
            .body());
  }
}
