package dbus.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The message vectors")
class MessageVectorsTest {
  static List<MessageVector> all() {
    return MessageVector.all();
  }

  static List<MessageVector> valid() {
    return MessageVector.valid();
  }

  @Test
  void areSeventy() {
    assertEquals(70, all().size());
  }

  @ParameterizedTest
  @CsvSource({
    "V-54, 121",
    "V-55, 129",
    "V-56, 249",
    "V-57, 252",
    "V-58, 217",
    "V-59, 220",
    "V-60, 281",
    "V-61, 284",
    "V-66, 312",
    "V-67, 320"
  })
  @DisplayName("built by a recipe have the length that the checklist tells")
  void recipes(String id, int length) {
    assertEquals(length, MessageVector.get(id).bytes().length);
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName("have their verdict, rule, and offset")
  void verdict(MessageVector vector) throws InvalidMessageException {
    if (vector.isValid()) {
      assertEquals(1, decode(vector.bytes()).size());
    } else {
      InvalidMessageException e =
          assertThrows(InvalidMessageException.class, () -> decode(vector.bytes()));
      assertEquals(vector.violation().orElseThrow(), e.violation(), e.getMessage());
      assertEquals(vector.offset(), e.offset(), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).length() < 400, e.getMessage());
    }
  }

  @Test
  @DisplayName("MSG-01 V-01: the fields of a call of Peer.Ping")
  void callOfPing() throws InvalidMessageException {
    MethodCall call = (MethodCall) decode(MessageVector.get("V-01").bytes()).getFirst();
    assertEquals(MessageType.METHOD_CALL, call.type());
    assertEquals(ObjectPath.ROOT, call.path());
    assertEquals(Optional.of(new InterfaceName("org.freedesktop.DBus.Peer")), call.interfaceName());
    assertEquals(new MemberName("Ping"), call.member());
    assertEquals(1, call.serial());
    assertEquals(Body.EMPTY, call.body());
    assertEquals(ByteOrder.LITTLE_ENDIAN, call.byteOrder());
  }

  @Test
  @DisplayName("WIRE-06 V-05, V-06: all types have the same values in both byte orders")
  void allTypes() throws InvalidMessageException {
    List<Value> expected =
        List.of(
            new Value.Byte(255),
            new Value.Bool(true),
            new Value.Int16(Short.MIN_VALUE),
            new Value.UInt16(65535),
            new Value.Int32(Integer.MIN_VALUE),
            new Value.UInt32(0xffff_ffffL),
            new Value.Int64(Long.MIN_VALUE),
            Value.UInt64.ofBits(-1),
            new Value.Double(-0.5),
            new Value.Str("hé"),
            new Value.Path(new ObjectPath("/a/b")),
            new Value.Sig(Signature.parse("a{sv}")),
            Value.Array.ofStrings("x", ""),
            new Value.Dict(
                new DictEntryType(BasicType.STRING, VariantType.VARIANT),
                List.of(
                    new Value.Entry(new Value.Str("k"), new Value.Variant(new Value.UInt32(7))))),
            Value.Struct.of(new Value.Byte(1), Value.UInt64.ofBits(2)),
            new Value.Variant(Value.Struct.of(new Value.Int32(-1), new Value.Int32(3))));
    for (String id : List.of("V-05", "V-06")) {
      Signal signal = (Signal) decode(MessageVector.get(id).bytes()).getFirst();
      assertEquals(expected, signal.body().values(), id);
      assertEquals(258, signal.serial());
      assertTrue(signal.noReplyExpected());
    }
  }

  @Test
  @DisplayName("MSG-06 V-07: an unknown type comes out as such")
  void unknownType() throws InvalidMessageException {
    UnknownMessage message = (UnknownMessage) decode(MessageVector.get("V-07").bytes()).getFirst();
    assertEquals(5, message.typeCode());
    assertEquals(MessageType.UNKNOWN, message.type());
  }

  @Test
  @DisplayName("FD-03 V-69, V-70: the declared number of descriptors is told, for the connection")
  void declaredDescriptors() throws InvalidMessageException {
    assertEquals(0, decode(MessageVector.get("V-69").bytes()).getFirst().unixFds());
    assertEquals(1, decode(MessageVector.get("V-70").bytes()).getFirst().unixFds());
  }

  @ParameterizedTest
  @MethodSource("valid")
  @DisplayName("WIRE-33, MSG-23, SEC-04: encode to equal messages in both byte orders")
  void encodeInBothOrders(MessageVector vector) throws InvalidMessageException {
    Message message = decode(vector.bytes()).getFirst();
    if (message instanceof UnknownMessage) {
      assertThrows(IllegalArgumentException.class, () -> new MessageEncoder().append(message, 1));
      return;
    }
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      byte[] bytes = MessageEncoder.encode(message, message.serial(), order);
      Message again = decode(bytes).getFirst();
      assertEquals(message, again);
      assertEquals(message.hashCode(), again.hashCode());
      assertEquals(order, again.byteOrder());
      assertArrayEquals(bytes, MessageEncoder.encode(again, again.serial(), order));
    }
  }

  @Test
  @DisplayName("MSG-23 V-01 to V-06 are what the encoder writes, byte by byte")
  void encoderWritesTheVectors() throws InvalidMessageException {
    for (String id : List.of("V-01", "V-02", "V-03", "V-04", "V-05", "V-06")) {
      byte[] bytes = MessageVector.get(id).bytes();
      Message message = decode(bytes).getFirst();
      assertEquals(
          HexFormat.of().formatHex(bytes),
          HexFormat.of()
              .formatHex(MessageEncoder.encode(message, message.serial(), message.byteOrder())),
          id);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName(
      "WIRE-34, SEC-32: cut at every length, the message is not there yet, or is refused early")
  void truncation(MessageVector vector) throws InvalidMessageException {
    for (int length = 0; length < vector.bytes().length; length++) {
      byte[] prefix = Arrays.copyOf(vector.bytes(), length);
      MessageDecoder decoder = new MessageDecoder();
      decoder.feed(ByteBuffer.wrap(prefix));
      if (length >= 16 && !vector.isValid() && vector.offset() < 16) {
        assertThrows(InvalidMessageException.class, decoder::next);
      } else {
        assertEquals(Optional.empty(), decoder.next());
        assertEquals(length, decoder.pending());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  @DisplayName("WIRE-34: split in two at every place, three in a row give the same messages")
  void splits(MessageVector vector) throws InvalidMessageException {
    byte[] three = repeat(vector.bytes(), 3);
    List<Message> expected = decode(three);
    assertEquals(3, expected.size());
    for (int cut = 0; cut <= three.length; cut++) {
      MessageDecoder decoder = new MessageDecoder();
      List<Message> got = new ArrayList<>();
      drain(decoder, ByteBuffer.wrap(three, 0, cut), got);
      drain(decoder, ByteBuffer.wrap(three, cut, three.length - cut), got);
      assertEquals(expected, got);
      assertEquals(0, decoder.pending());
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  @DisplayName("WIRE-34: byte by byte")
  void byteByByte(MessageVector vector) throws InvalidMessageException {
    MessageDecoder decoder = new MessageDecoder();
    List<Message> got = new ArrayList<>();
    for (byte b : vector.bytes()) {
      assertEquals(List.of(), got);
      assertTrue(decoder.missing() > 0);
      drain(decoder, ByteBuffer.wrap(new byte[] {b}), got);
    }
    assertEquals(decode(vector.bytes()), got);
  }

  @ParameterizedTest
  @MethodSource("valid")
  @DisplayName(
      "WIRE-34: with any single bit flipped, valid or a named error; what is valid can be read")
  void bitFlips(MessageVector vector) {
    for (int bit = 0; bit < 8 * vector.bytes().length; bit++) {
      byte[] bytes = vector.bytes();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        for (Message message : decode(bytes)) {
          int length = message.body().values().size();
          assertEquals(message.body().signature().types().size(), length);
          assertTrue(message.toString().length() < 2000);
        }
      } catch (InvalidMessageException e) {
        assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e.getMessage());
      }
    }
  }

  private static byte[] repeat(byte[] bytes, int times) {
    byte[] out = new byte[bytes.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(bytes, 0, out, i * bytes.length, bytes.length);
    }
    return out;
  }

  private static List<Message> decode(byte[] bytes) throws InvalidMessageException {
    List<Message> messages = new ArrayList<>();
    drain(new MessageDecoder(), ByteBuffer.wrap(bytes), messages);
    return messages;
  }

  private static void drain(MessageDecoder decoder, ByteBuffer input, List<Message> messages)
      throws InvalidMessageException {
    decoder.feed(input);
    for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
      messages.add(m.get());
    }
  }
}
