package dbus.wire;

import static dbus.wire.Decoding.decoder;
import static dbus.wire.Decoding.refuse;
import static dbus.wire.Decoding.refused;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules that header fields and bodies of a message are checked against.
class MessageValidationTest {
  @ParameterizedTest
  @CsvSource({
    // WIRE-24, also in arrays.
    "b, 02000000, BOOLEAN, 0",
    "ab, 08000000 01000000 02000000, BOOLEAN, 8",
    "ab, 04000000 00000001, BOOLEAN, 4",
    // FD-05, also in arrays.
    "h, 03000000, UNIX_FD_INDEX, 0",
    "ah, 08000000 00000000 ffffffff, UNIX_FD_INDEX, 8",
    // WIRE-13, WIRE-14, SEC-25, SEC-31.
    "an, 03000000 000000, ARRAY_LENGTH, 0",
    "a(ai), 12000000 00000000 06000000 000000000000 0000 00000000 0000, ARRAY_LENGTH, 8",
    "ay, 01000004, ARRAY_TOO_LONG, 0",
    "ay, ffffff7f, ARRAY_TOO_LONG, 0",
    "ay, 00000080, ARRAY_TOO_LONG, 0",
    "ay, ffffffff, ARRAY_TOO_LONG, 0",
    // WIRE-15: past the body, past the array.
    "ay, 02000000 00, OVERRUN, 4",
    "a(yu), 07000000 00000000 01 000000 02000000, OVERRUN, 12",
    "as, 05000000 01000000 61 00, OVERRUN, 8",
    "aay, 04000000 01000000 00, OVERRUN, 8",
    "a{yv}, 02000000 00000000 01 01 79 00 05, OVERRUN, 10",
    // WIRE-02, SEC-31: lengths of text.
    "s, ffffffff, OVERRUN, 4",
    "s, ffffff7f, OVERRUN, 4",
    "s, 00000080, OVERRUN, 4",
    "s, 01000000 61, OVERRUN, 4",
    "g, ff 79 00, OVERRUN, 1",
    // WIRE-28.
    "s, 00000000 01, TERMINATOR, 4",
    "o, 01000000 2f 01, TERMINATOR, 5",
    "g, 01 79 01, TERMINATOR, 2",
    "v, 01 79 01 05, TERMINATOR, 2",
    // WIRE-29.
    "o, 02000000 2f2f 00, OBJECT_PATH, 5",
    "o, 00000000 00, OBJECT_PATH, 4",
    "g, 01 61 00, SIGNATURE, 2",
    "g, 01 6d 00, SIGNATURE, 1",
    // WIRE-19, WIRE-20.
    "v, 00 00, VARIANT_SIGNATURE, 0",
    "v, 02 79 79 00 01 01, VARIANT_SIGNATURE, 0",
    "v, 02 28 29 00, SIGNATURE, 2",
    // WIRE-08: padding in front of values, elements, and in variants.
    "yu, 01 000001 02000000, PADDING, 3",
    "at, 00000000 00000001, PADDING, 7",
    "v, 01 75 00 01 07000000, PADDING, 3",
    "a(y), 09000000 00000000 01 00000000000001 02, PADDING, 15",
    // MSG-22.
    "u, 00000000 00, BODY_TOO_LONG, 4",
    "u, 0000, OVERRUN, 0",
  })
  @DisplayName("a body that breaks a rule is refused where it does")
  void invalidBodies(String signature, String hex, Violation violation, int offset) {
    byte[] body = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] bytes =
        RawMessage.ping(LITTLE_ENDIAN).signature(signature).number(9, 3).body(body).bytes();
    refuse(violation, bytes.length - body.length + offset, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "y, 07",
    "n, 0700",
    "s, 00000000 00",
    "g, 0179 00",
    "ay, 01000000 07",
    "v, 01 79 00 07"
  })
  @DisplayName("WIRE-09: a body ends with its last value; padding behind it is refused")
  void endOfBody(String signature, String hex) throws InvalidMessageException {
    byte[] body = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] bytes = RawMessage.ping(LITTLE_ENDIAN).signature(signature).body(body).bytes();
    Message message = decoder(bytes).next().orElseThrow();
    assertEquals(body.length, message.body().length());
    assertArrayEquals(bytes, MessageEncoder.encode(message, 1, LITTLE_ENDIAN));
    byte[] padded = Arrays.copyOf(body, (body.length + 8) & -8);
    refuse(
        Violation.BODY_TOO_LONG,
        bytes.length,
        RawMessage.ping(LITTLE_ENDIAN).signature(signature).body(padded).bytes());
  }

  @Test
  @DisplayName("WIRE-20: the signature of a variant has up to 255 bytes, and the limits of any")
  void variantSignature() throws InvalidMessageException {
    String longest = "(" + "y".repeat(253) + ")";
    Value value = decoder(inVariant(longest, 253)).next().orElseThrow().body().values().getFirst();
    assertEquals(longest, ((Value.Variant) value).value().type().toString());
    for (String signature :
        List.of(
            "a".repeat(33) + "y", "(".repeat(33) + "y" + ")".repeat(33), "a{vs}", "a", "{sv}")) {
      assertEquals(Violation.SIGNATURE, refused(inVariant(signature, 8)).violation(), signature);
    }
  }

  /// A variant of a type that begins at a multiple of 8, and so many zeros in it.
  private static byte[] inVariant(String signature, int length) {
    int at = (signature.length() + 2 + 7) & -8;
    ByteBuffer body = ByteBuffer.allocate(at + length);
    body.put((byte) signature.length());
    body.put(signature.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return RawMessage.ping(LITTLE_ENDIAN).signature("v").body(body.array()).bytes();
  }

  @Test
  @DisplayName("SEC-25, SEC-04: lengths are read in the message's byte order")
  void bigEndianLengths() {
    byte[] body = {0, 0, 0, 6, 0, 0, 0, 0, 0, 0};
    byte[] bytes = RawMessage.ping(BIG_ENDIAN).signature("ai").body(body).bytes();
    refuse(Violation.ARRAY_LENGTH, bytes.length - body.length, bytes);
  }

  @ParameterizedTest
  @CsvSource({"h, 4", "v, 8", "ah, 8", "(yh), 8", "a{hy}, 13"})
  @DisplayName("WIRE-32, FD-05: a UNIX_FD is the index of one of the declared descriptors")
  void unixFdIndex(String signature, int length) throws InvalidMessageException {
    for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
      for (int index : List.of(0, 2, 3, -1)) {
        ByteBuffer body = ByteBuffer.allocate(length).order(order);
        int at =
            switch (signature) {
              case "h" -> 0;
              case "v" -> body.put(new byte[] {1, 'h', 0}).position() + 1;
              case "ah" -> body.putInt(4).position();
              case "(yh)" -> 4;
              default -> body.putInt(5).position() + 4;
            };
        body.putInt(at, index);
        byte[] bytes =
            RawMessage.ping(order).signature(signature).number(9, 3).body(body.array()).bytes();
        if (index == 0 || index == 2) {
          assertTrue(decoder(bytes).next().orElseThrow().describe().contains("handle " + index));
        } else {
          refuse(Violation.UNIX_FD_INDEX, bytes.length - length + at, bytes);
        }
      }
      byte[] none = RawMessage.ping(order).signature("h").body(new byte[4]).bytes();
      refuse(Violation.UNIX_FD_INDEX, none.length - 4, none);
    }
  }

  @Test
  @DisplayName("MSG-14: every known field of another type is refused")
  void fieldTypes() {
    for (int code = 1; code <= 9; code++) {
      char wrong = HeaderField.type(code) == 'u' ? 's' : 'u';
      RawMessage message = RawMessage.empty(LITTLE_ENDIAN);
      message =
          wrong == 'u'
              ? message.field(code, new byte[] {1, 'u', 0, 1, 0, 0, 0})
              : message.text(code, 's', "a");
      refuse(Violation.FIELD_TYPE, 17, message.bytes());
    }
  }

  @Test
  @DisplayName("MSG-15: every known field that occurs twice is refused, whatever the message")
  void fieldTwice() {
    for (int i = 1; i <= 9; i++) {
      int code = i;
      for (int type : List.of(1, 5)) {
        RawMessage message = RawMessage.empty(LITTLE_ENDIAN).type(type);
        for (int times = 0; times < 2; times++) {
          switch (code) {
            case 1 -> message.text(1, 'o', "/");
            case 5, 9 -> message.number(code, 1);
            case 8 -> message.signature("");
            default -> message.text(code, 's', code == 3 ? "M" : "a.b");
          }
        }
        InvalidMessageException e = refused(message.bytes());
        assertEquals(Violation.FIELD_TWICE, e.violation(), e.getMessage());
      }
    }
  }

  @Test
  @DisplayName("MSG-16: fields come in any order")
  void fieldOrder() throws InvalidMessageException {
    byte[] bytes =
        RawMessage.empty(BIG_ENDIAN)
            .signature("y")
            .text(6, 's', "a.b")
            .text(3, 's', "M")
            .text(2, 's', "c.d")
            .text(1, 'o', "/")
            .body((byte) 1)
            .bytes();
    MethodCall call = (MethodCall) decoder(bytes).next().orElseThrow();
    assertEquals(Optional.of(new BusName("a.b")), call.destination());
    assertEquals(Optional.of(new InterfaceName("c.d")), call.interfaceName());
    assertEquals(List.of(new Value.Byte(1)), call.body().values());
  }

  @Test
  @DisplayName("MSG-20: every name in a header is checked")
  void fieldNames() {
    refuseField(Violation.INTERFACE_NAME, 2, "a");
    refuseField(Violation.MEMBER_NAME, 3, "a.b");
    refuseField(Violation.ERROR_NAME, 4, "a");
    refuseField(Violation.BUS_NAME, 6, "a");
    refuseField(Violation.BUS_NAME, 7, ":a");
    refuseField(Violation.INTERFACE_NAME, 2, "");
    refuse(Violation.OBJECT_PATH, 26, RawMessage.empty(LITTLE_ENDIAN).text(1, 'o', "/a/").bytes());
  }

  private static void refuseField(Violation violation, int code, String text) {
    InvalidMessageException e =
        refused(RawMessage.empty(LITTLE_ENDIAN).text(code, 's', text).bytes());
    assertEquals(violation, e.violation(), e.getMessage());
    assertEquals(24 + text.length(), e.offset() + (code == 3 ? 2 : 0));
  }

  @Test
  @DisplayName("NAME-10: the reserved names are refused in every type of message")
  void reservedNames() {
    for (int type : List.of(1, 2, 3, 4, 5)) {
      refuse(
          Violation.RESERVED_NAME,
          24,
          RawMessage.empty(LITTLE_ENDIAN)
              .type(type)
              .text(1, 'o', "/org/freedesktop/DBus/Local")
              .bytes());
      refuse(
          Violation.RESERVED_NAME,
          24,
          RawMessage.empty(LITTLE_ENDIAN)
              .type(type)
              .text(2, 's', "org.freedesktop.DBus.Local")
              .bytes());
    }
  }

  @Test
  @DisplayName("MSG-12, MSG-13: fields of unknown codes may have any type, but must be well-formed")
  void unknownFields() throws InvalidMessageException {
    byte[] ok =
        RawMessage.ping(LITTLE_ENDIAN)
            .field(10, new byte[] {2, 'a', 'y', 0, 2, 0, 0, 0, 1, 2})
            .field(255, new byte[] {1, 'v', 0, 1, 'y', 0, 7})
            .bytes();
    // A variant's padding counts from the message's start; codes 10 stand at a multiple of 8.
    byte[] padded =
        RawMessage.ping(LITTLE_ENDIAN)
            .field(10, new byte[] {2, 'a', 'y', 0, 0, 0, 0, 2, 0, 0, 0, 1, 2})
            .bytes();
    assertEquals(
        Violation.PADDING,
        refused(
                RawMessage.ping(LITTLE_ENDIAN)
                    .field(10, new byte[] {2, 'a', 'y', 0, 1, 0, 0, 2, 0, 0, 0, 1, 2})
                    .bytes())
            .violation());
    assertTrue(decoder(padded).next().isPresent());
    assertEquals(Violation.PADDING, refused(ok).violation());
    assertEquals(
        Violation.VARIANT_SIGNATURE,
        refused(RawMessage.ping(LITTLE_ENDIAN).field(10, new byte[] {0, 0}).bytes()).violation());
    assertEquals(
        Violation.OVERRUN,
        refused(RawMessage.ping(LITTLE_ENDIAN).field(10, new byte[] {1, 'x', 0}).bytes())
            .violation());
  }

  @Test
  @DisplayName("MSG-12, FD-05: an unknown field may hold an index, of descriptors or of none")
  void unknownFieldWithAnIndex() throws InvalidMessageException {
    byte[] bytes =
        RawMessage.ping(LITTLE_ENDIAN).field(10, new byte[] {1, 'h', 0, 3, 0, 0, 0}).bytes();
    assertTrue(decoder(bytes).next().isPresent());
  }

  @ParameterizedTest
  @CsvSource({"61, true", "62, false", "1000, false", "1000000, false"})
  @DisplayName(
      "SEC-03, WIRE-22: nesting in an unknown field, inside array, struct, and variant of the header")
  void depthInUnknownField(int variants, boolean valid) throws InvalidMessageException {
    // The outermost variant is the field's own; 61 inside it make 64 with array and struct.
    byte[] field = MessageVector.variants(variants + 1, 7);
    for (RawMessage message :
        List.of(RawMessage.ping(LITTLE_ENDIAN), RawMessage.empty(LITTLE_ENDIAN).type(200))) {
      byte[] bytes = message.field(99, field).bytes();
      if (valid) {
        assertTrue(decoder(bytes).next().isPresent());
      } else {
        assertEquals(Violation.TOO_DEEP, refused(bytes).violation());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 1000, 1_000_000})
  @DisplayName("SEC-03: variants inside each other by the million")
  void depthInBody(int variants) {
    byte[] bytes =
        RawMessage.ping(LITTLE_ENDIAN)
            .signature("v")
            .body(MessageVector.variants(variants, 7))
            .bytes();
    refuse(Violation.TOO_DEEP, 56 + 3 * 64, bytes);
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  @DisplayName(
      "WIRE-22: an array counts as a container whatever is in it, also if it is packed or empty")
  void depthOfArrays(int variants, boolean valid) throws InvalidMessageException {
    for (int length : List.of(0, 1)) {
      ByteBuffer body = ByteBuffer.allocate(3 * variants + 16).order(LITTLE_ENDIAN);
      for (int i = 1; i < variants; i++) {
        body.put(new byte[] {1, 'v', 0});
      }
      body.put(new byte[] {2, 'a', 'y', 0});
      int array = (body.position() + 3) & -4;
      body.position(array).putInt(length).position(array + 4 + length);
      byte[] bytes =
          RawMessage.ping(LITTLE_ENDIAN)
              .signature("v")
              .body(Arrays.copyOf(body.array(), body.position()))
              .bytes();
      if (valid) {
        assertEquals(1, decoder(bytes).next().orElseThrow().body().values().size());
      } else {
        refuse(Violation.TOO_DEEP, 56 + array, bytes);
      }
    }
  }

  @Test
  @DisplayName(
      "WIRE-23: the deepest legal values are decoded, read, copied, and written on a stack of 256 KiB")
  void smallStack() throws InterruptedException {
    AtomicReference<Object> result = new AtomicReference<>("not run");
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                for (String id : List.of("V-56", "V-58", "V-60")) {
                  Body body = decoder(MessageVector.get(id).bytes()).next().orElseThrow().body();
                  Body again = Body.of(body.values().toArray(Value[]::new));
                  body.reader().skip();
                  assertEquals(body, again.withByteOrder(BIG_ENDIAN));
                }
                result.set("done");
              } catch (Throwable e) {
                result.set(e);
              }
            },
            "small stack",
            256 << 10);
    thread.start();
    thread.join();
    assertEquals("done", result.get());
  }

  @Test
  @DisplayName("WIRE-35: 16 million empty arrays in one body are checked in one pass")
  void manyEmptyArrays() throws InvalidMessageException {
    byte[] body = new byte[4 + (1 << 26)];
    ByteBuffer.wrap(body).order(LITTLE_ENDIAN).putInt(1 << 26);
    Message message =
        decoder(RawMessage.ping(LITTLE_ENDIAN).signature("aay").body(body).bytes())
            .next()
            .orElseThrow();
    WireReader reader = message.body().reader();
    int count = 0;
    reader.enterArray();
    while (reader.hasNext()) {
      reader.skip();
      count++;
    }
    assertEquals(1 << 24, count);
  }

  @Test
  @DisplayName("FD-06: more than 253 declared descriptors are refused")
  void tooManyDescriptors() throws InvalidMessageException {
    assertEquals(
        253,
        decoder(RawMessage.ping(LITTLE_ENDIAN).number(9, 253).bytes())
            .next()
            .orElseThrow()
            .unixFds());
    for (int count : List.of(254, Integer.MAX_VALUE, -1)) {
      refuse(
          Violation.TOO_MANY_UNIX_FDS, 52, RawMessage.ping(LITTLE_ENDIAN).number(9, count).bytes());
    }
  }

  @Test
  @DisplayName("SEC-19: a path of 2 MiB is accepted, in the header and in the body")
  void longPath() throws InvalidMessageException {
    String path = "/a".repeat(1 << 20);
    byte[] bytes = RawMessage.empty(LITTLE_ENDIAN).text(1, 'o', path).text(3, 's', "M").bytes();
    MethodCall call = (MethodCall) decoder(bytes).next().orElseThrow();
    assertEquals(path, call.path().value());
    Message copy = call.withBody(Body.of(new Value.Path(call.path()))).withSerial(1);
    assertEquals(copy, decoder(MessageEncoder.encode(copy, 1, LITTLE_ENDIAN)).next().orElseThrow());
  }
}
