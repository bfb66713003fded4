package dbus.wire;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldTest {
  private static final List<ByteOrder> ORDERS = List.of(LITTLE_ENDIAN, BIG_ENDIAN);

  @ParameterizedTest
  @CsvSource({
    "1, PATH, o, METHOD_CALL SIGNAL",
    "2, INTERFACE, s, SIGNAL",
    "3, MEMBER, s, METHOD_CALL SIGNAL",
    "4, ERROR_NAME, s, ERROR",
    "5, REPLY_SERIAL, u, METHOD_RETURN ERROR",
    "6, DESTINATION, s, ''",
    "7, SENDER, s, ''",
    "8, SIGNATURE, g, ''",
    "9, UNIX_FDS, u, ''",
  })
  @DisplayName("MSG-11, MSG-18: the codes, types, and requirements of the known fields")
  void known(int code, HeaderField.Known field, String type, String requiredBy) {
    assertEquals(code, field.code());
    assertEquals(Optional.of(field), HeaderField.Known.ofCode(code));
    assertEquals(type, field.type().toString());
    Set<MessageType> types = EnumSet.noneOf(MessageType.class);
    Arrays.stream(requiredBy.split(" "))
        .filter(name -> !name.isEmpty())
        .map(MessageType::valueOf)
        .forEach(types::add);
    assertEquals(types, field.requiredBy());
    // What the parser and the writer go by.
    assertEquals(type.charAt(0), HeaderField.type(code));
    assertEquals(field.name(), HeaderField.name(code));
  }

  @Test
  @DisplayName("MSG-11: there are nine known fields")
  void nine() {
    assertEquals(9, HeaderField.Known.values().length);
    for (int code : List.of(-1, 0, 10, 255)) {
      assertEquals(Optional.empty(), HeaderField.Known.ofCode(code));
    }
  }

  @ParameterizedTest
  @EnumSource(value = MessageType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("MSG-18: a message without one of the fields that its type requires is refused")
  void required(MessageType type) throws InvalidMessageException {
    Set<HeaderField.Known> needed = EnumSet.noneOf(HeaderField.Known.class);
    for (HeaderField.Known field : HeaderField.Known.values()) {
      if (field.requiredBy().contains(type)) {
        needed.add(field);
      }
    }
    for (ByteOrder order : ORDERS) {
      Message message = MessageDecoder.decode(with(needed, type, order));
      assertEquals(type, message.type());
      assertEquals(needed.size(), message.fields().size());
      for (HeaderField.Known field : needed) {
        Set<HeaderField.Known> fewer = EnumSet.copyOf(needed);
        fewer.remove(field);
        InvalidMessageException e =
            assertThrows(
                InvalidMessageException.class,
                () -> MessageDecoder.decode(with(fewer, type, order)));
        assertEquals(Violation.FIELD_MISSING, e.violation());
        assertTrue(e.getMessage().contains(field.name()), e.getMessage());
      }
    }
  }

  private static byte[] with(Set<HeaderField.Known> fields, MessageType type, ByteOrder order) {
    RawMessage message = RawMessage.empty(order).type(type.code());
    for (HeaderField.Known field : fields) {
      switch (field) {
        case PATH -> message.text(1, 'o', "/");
        case MEMBER -> message.text(3, 's', "M");
        case REPLY_SERIAL -> message.number(5, 1);
        default -> message.text(field.code(), 's', "a.b");
      }
    }
    return message.bytes();
  }

  @Test
  @DisplayName("MSG-11, MSG-12: a received message lists its fields as they came, unknown ones too")
  void received() throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      byte seven = 7;
      Message message =
          MessageDecoder.decode(
              RawMessage.empty(order)
                  .number(9, 2)
                  .signature("y")
                  .field(200, new byte[] {4, 'a', '(', 'y', ')', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                  .text(7, 's', ":1.2")
                  .text(6, 's', "a.b")
                  .text(3, 's', "M")
                  .field(10, new byte[] {1, 'v', 0, 1, 'y', 0, seven})
                  .text(1, 'o', "/x")
                  .text(2, 's', "c.d")
                  .field(10, new byte[] {1, 'y', 0, 8})
                  .body((byte) 1)
                  .bytes());
      List<HeaderField> fields = message.fields();
      assertEquals(
          List.of(9, 8, 200, 7, 6, 3, 10, 1, 2, 10),
          fields.stream().map(HeaderField::code).toList());
      assertEquals(
          List.of("u", "g", "a(y)", "s", "s", "s", "v", "o", "s", "y"),
          fields.stream().map(f -> f.type().toString()).toList());
      assertEquals(
          List.of(
              new Value.UInt32(2),
              new Value.Sig(Signature.parse("y")),
              Value.Array.of(StructType.of(BasicType.BYTE)),
              new Value.Str(":1.2"),
              new Value.Str("a.b"),
              new Value.Str("M"),
              new Value.Variant(new Value.Byte(7)),
              new Value.Path(new ObjectPath("/x")),
              new Value.Str("c.d"),
              new Value.Byte(8)),
          fields.stream().map(HeaderField::value).toList());
      assertEquals(Optional.of(fields.get(6)), message.field(10));
      assertEquals(Optional.empty(), message.field(4));
      assertThrows(UnsupportedOperationException.class, fields::removeFirst);
    }
  }

  @Test
  @DisplayName(
      "MSG-11, MSG-23: a message made here lists what would be written, as it will be received")
  void made() throws InvalidMessageException {
    MethodCall call =
        MethodCall.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("M"))
            .withDestination(new BusName("c.d"))
            .withSender(new BusName(":1.5"))
            .withBody(Body.of(new Value.UnixFd(0)))
            .withUnixFds(1);
    List<Message> messages =
        List.of(
            call,
            MethodCall.of(ObjectPath.ROOT, new MemberName("Ping")),
            ErrorMessage.to(call.withSerial(-1), ErrorName.FAILED, "no luck"));
    for (Message message : messages) {
      Message received = MessageDecoder.decode(MessageEncoder.encode(message, 1, BIG_ENDIAN));
      assertEquals(received.fields(), message.fields());
    }
    assertEquals(
        List.of(1, 2, 3, 6, 7, 8, 9), call.fields().stream().map(HeaderField::code).toList());
    assertEquals(
        Optional.of(new Value.UInt32(0xffff_ffffL)),
        messages.get(2).field(5).map(HeaderField::value));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 252, 253, Integer.MAX_VALUE, -1})
  @DisplayName("MSG-12: an unknown field may hold any index of a descriptor, also in containers")
  void unknownUnixFds(int index) throws InvalidMessageException {
    for (ByteOrder order : ORDERS) {
      byte[] number = ByteBuffer.allocate(4).order(order).putInt(index).array();
      byte[] four = ByteBuffer.allocate(4).order(order).putInt(4).array();
      byte[] array = join(new byte[] {2, 'a', 'h', 0, 0, 0, 0}, four, number);
      byte[] struct = join(new byte[] {3, '(', 'h', ')', 0, 0, 0}, number);
      Message message =
          MessageDecoder.decode(
              RawMessage.ping(order)
                  .field(10, join(new byte[] {1, 'h', 0}, number))
                  .field(11, array)
                  .field(12, struct)
                  .bytes());
      Value.UnixFd value = new Value.UnixFd(index);
      assertEquals(
          List.of(value, Value.Array.of(BasicType.UNIX_FD, value), Value.Struct.of(value)),
          message.fields().subList(2, 5).stream().map(HeaderField::value).toList());
      for (HeaderField field : message.fields()) {
        assertEquals(field.value(), Value.parse(field.value().toText()), "its text gives it back");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {253, Integer.MAX_VALUE, -1})
  @DisplayName("FD-05: such a value cannot be written where an index counts")
  void unknownUnixFdsInBodies(int index) {
    Value value = Value.parse("handle " + index);
    assertThrows(IllegalArgumentException.class, () -> Body.of(value));
    assertThrows(IllegalArgumentException.class, () -> Body.of(new Value.Variant(value)));
    assertThrows(
        IllegalArgumentException.class, () -> Body.of(Value.Array.of(BasicType.UNIX_FD, value)));
  }

  @Test
  @DisplayName("MSG-16: fields come in any order, such as 1263, 1623, and 1326, and mean the same")
  void anyOrder() throws InvalidMessageException {
    Message expected = MessageDecoder.decode(inOrder(List.of(1, 2, 3, 6, 8)));
    List<List<Integer>> orders = permutations(List.of(1, 2, 3, 6, 8));
    assertEquals(120, orders.size());
    for (List<Integer> order : orders) {
      Message message = MessageDecoder.decode(inOrder(order));
      assertEquals(expected, message, order::toString);
      assertEquals(order, message.fields().stream().map(HeaderField::code).toList());
    }
  }

  private static byte[] inOrder(List<Integer> codes) {
    RawMessage message = RawMessage.empty(BIG_ENDIAN).body((byte) 5);
    for (int code : codes) {
      switch (code) {
        case 1 -> message.text(1, 'o', "/a/b");
        case 2 -> message.text(2, 's', "a.b");
        case 3 -> message.text(3, 's', "M");
        case 6 -> message.text(6, 's', ":1.42");
        default -> message.signature("y");
      }
    }
    return message.bytes();
  }

  private static List<List<Integer>> permutations(List<Integer> codes) {
    if (codes.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Integer>> all = new ArrayList<>();
    for (Integer first : codes) {
      List<Integer> others = codes.stream().filter(code -> !code.equals(first)).toList();
      for (List<Integer> rest : permutations(others)) {
        List<Integer> one = new ArrayList<>(List.of(first));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  @DisplayName("the value of a field can be read without making an object of it")
  void reader() throws InvalidMessageException {
    byte[] variant = {2, 'a', 'y', 0, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9};
    byte[] bytes = RawMessage.ping(LITTLE_ENDIAN).field(10, variant).bytes();
    WireReader received = MessageDecoder.decode(bytes).field(10).orElseThrow().reader();
    assertEquals("ay", received.nextType().toString());
    assertArrayEquals(new byte[] {7, 8, 9}, received.readByteArray());
    assertFalse(received.hasNext());

    WireReader made =
        MethodCall.of(ObjectPath.ROOT, new MemberName("M")).field(3).orElseThrow().reader();
    assertEquals("M", made.readString());
    assertFalse(made.hasNext());
  }

  @Test
  @DisplayName("MSG-13: an unknown field is neither kept by a changed copy nor written")
  void unknownFieldsAreNotPassedOn() throws InvalidMessageException {
    byte[] bytes = RawMessage.ping(LITTLE_ENDIAN).field(10, new byte[] {1, 'y', 0, 8}).bytes();
    MethodCall call = (MethodCall) MessageDecoder.decode(bytes);
    assertEquals(3, call.fields().size());
    assertEquals(2, call.withSerial(5).fields().size());
    assertEquals(
        Optional.of(new Value.Str("e.f")),
        call.withSender(new BusName("e.f")).field(7).map(HeaderField::value));
    assertArrayEquals(
        RawMessage.ping(LITTLE_ENDIAN).bytes(), MessageEncoder.encode(call, 1, LITTLE_ENDIAN));
  }

  @Test
  @DisplayName("two fields are equal if code, type, and value are")
  void equality() throws InvalidMessageException {
    Message one =
        MessageDecoder.decode(
            RawMessage.ping(LITTLE_ENDIAN).field(10, new byte[] {1, 'u', 0, 8, 0, 0, 0}).bytes());
    Message two =
        MessageDecoder.decode(
            RawMessage.empty(BIG_ENDIAN)
                .type(5)
                .field(10, new byte[] {1, 'u', 0, 0, 0, 0, 8})
                .field(11, new byte[] {1, 'u', 0, 0, 0, 0, 8})
                .field(12, new byte[] {1, 'i', 0, 0, 0, 0, 8})
                .bytes());
    HeaderField field = one.field(10).orElseThrow();
    assertEquals(field, two.field(10).orElseThrow());
    assertEquals(field.hashCode(), two.field(10).orElseThrow().hashCode());
    assertNotEquals(field, two.field(11).orElseThrow());
    assertNotEquals(two.field(11).orElseThrow().value(), two.field(12).orElseThrow().value());
    assertEquals("field 10 (u)", field.toString());
    assertEquals("PATH (o)", one.fields().getFirst().toString());
  }
}
