package dbus.wire;

import static dbus.wire.Codec.INT32;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.listOf;
import static dbus.wire.Codec.mapOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The examples of the documentation")
class DocumentationTest {
  record Point(int x, int y) {}

  @Test
  @DisplayName("package dbus.wire: a call, sent and received")
  void packageExample() throws Exception {
    Codec<Point> point = Codec.struct(INT32, INT32, Point::new, Point::x, Point::y);

    MethodCall call =
        MethodCall.of(
                new ObjectPath("/org/example/Canvas"),
                new InterfaceName("org.example.Canvas"),
                new MemberName("Draw"))
            .withBody(Body.of(listOf(point), List.of(new Point(0, 0), new Point(3, 4))));
    byte[] bytes = MessageEncoder.encode(call, 1, ByteOrder.LITTLE_ENDIAN);

    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    List<Point> points = List.of();
    if (decoder.next().orElseThrow() instanceof MethodCall received) {
      points = received.body().read(listOf(point));
    }
    assertEquals(List.of(new Point(0, 0), new Point(3, 4)), points);
  }

  @Test
  @DisplayName("package dbus.wire: buffers, cursors, and coders that are used again and again")
  void buffersExample() throws Exception {
    MethodCall call = MethodCall.of(ObjectPath.ROOT, new MemberName("Say"));
    Signature text = Signature.parse("s");
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel out = pipe.sink();
        Pipe.SourceChannel in = pipe.source()) {
      MessageEncoder encoder = new MessageEncoder();
      MessageDecoder decoder = new MessageDecoder();
      WireReader reader = Body.EMPTY.reader();
      ByteBuffer received = ByteBuffer.allocate(4096);
      List<String> texts = new ArrayList<>();

      for (int serial = 1; serial <= 3; serial++) {
        encoder.append(call, serial, text, writer -> writer.writeString("text"));
        while (encoder.size() > 0) {
          encoder.discard(out.write(encoder.peek()));
        }

        in.read(received);
        decoder.feed(received.flip());
        for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
          reader.reset(m.get().body());
          texts.add(reader.readString());
        }
        received.clear();
        reader.reset(Body.EMPTY);
      }

      assertEquals(List.of("text", "text", "text"), texts);
      assertFalse(reader.hasNext());
    }
  }

  @Test
  @DisplayName("package dbus.wire: messages in other memory, and an array that is kept for them")
  void otherMemoryExample() throws Exception {
    MethodCall call = MethodCall.of(ObjectPath.ROOT, new MemberName("Say"));
    byte[] bytes =
        MessageEncoder.encode(call.withBody(Body.of(STRING, "text")), 1, ByteOrder.LITTLE_ENDIAN);
    MessageEncoder encoder = new MessageEncoder();
    ByteBuffer directOrMapped = ByteBuffer.allocateDirect(bytes.length);
    int serial = 1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);

      Message message = MessageDecoder.decode(segment.asByteBuffer());

      encoder.append(message, serial);
      encoder.drainTo(directOrMapped);
    }
    assertEquals(ByteBuffer.wrap(bytes), directOrMapped.flip());

    ByteBuffer direct = directOrMapped;
    ByteBuffer kept = ByteBuffer.allocate(bytes.length + 8);
    WireReader reader = Body.EMPTY.reader();

    kept.clear().put(direct).flip();
    reader.reset(MessageDecoder.decode(kept).body());

    assertEquals("text", reader.readString());
  }

  @Test
  @DisplayName("package dbus.wire: a string outlives the bytes of its message, a body is a view")
  void lifeOfBytes() throws Exception {
    Message call =
        MethodCall.of(ObjectPath.ROOT, new MemberName("Say")).withBody(Body.of(STRING, "text"));
    byte[] bytes = MessageEncoder.encode(call, 1, ByteOrder.LITTLE_ENDIAN);
    Message view = MessageDecoder.decode(bytes);
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(ByteBuffer.wrap(bytes));
    Message own = decoder.next().orElseThrow();
    String text = view.body().read(STRING);
    List<Value> values = view.body().values();

    bytes[bytes.length - 2] = 'T'; // What must not be done while the view is in use.

    assertEquals("text", text);
    assertEquals(List.of(new Value.Str("text")), values);
    assertEquals("text", own.body().read(STRING));
    assertEquals("texT", view.body().read(STRING));
    assertTrue(view.body().bytes().isReadOnly());
    MessageEncoder encoder = new MessageEncoder();
    encoder.append(call, 1);
    assertTrue(encoder.peek().isReadOnly());
  }

  @Test
  @DisplayName("HeaderField: fields that are not known")
  void headerFieldExample() throws Exception {
    Message message =
        MessageDecoder.decode(
            RawMessage.ping(ByteOrder.LITTLE_ENDIAN).field(200, new byte[] {1, 'y', 0, 7}).bytes());
    List<String> log = new ArrayList<>();
    for (HeaderField field : message.fields()) {
      if (field.known().isEmpty()) {
        log.add(field.code() + " " + field.type());
      }
    }
    assertEquals(List.of("200 y"), log);
  }

  @Test
  @DisplayName("Codec: put together from others")
  void codecExample() throws Exception {
    Codec<Point> point = Codec.struct(INT32, INT32, Point::new, Point::x, Point::y);
    Codec<Map<String, List<Point>>> shapes = mapOf(STRING, listOf(point));

    Body body = Body.of(shapes, Map.of("line", List.of(new Point(0, 0), new Point(1, 1))));

    assertEquals("a{sa(ii)}", body.signature().toString());
    assertEquals(2, body.read(shapes).get("line").size());
  }

  @Test
  @DisplayName("Value: matched by pattern")
  void valueExample() {
    assertEquals("x", describe(new Value.Str("x")));
    assertEquals("7", describe(new Value.UInt32(7)));
    assertEquals(new Value.Byte(1).toString(), describe(new Value.Variant(new Value.Byte(1))));
    assertEquals("something else", describe(new Value.Bool(true)));
  }

  private static String describe(Value value) {
    return switch (value) {
      case Value.Str(String s) -> s;
      case Value.UInt32(long n) -> Long.toString(n);
      case Value.Variant(Value inner) -> inner.toString();
      default -> "something else";
    };
  }

  @Test
  @DisplayName("WireWriter and WireReader: an array of strings")
  void cursorExample() {
    Body body =
        Body.write(
            Signature.parse("as"),
            writer -> {
              writer.beginArray();
              writer.writeString("one");
              writer.writeString("two");
              writer.endArray();
            });
    List<String> strings = new ArrayList<>();
    WireReader reader = body.reader();
    reader.enterArray();
    while (reader.hasNext()) {
      strings.add(reader.readString());
    }
    reader.leaveArray();
    assertEquals(List.of("one", "two"), strings);
  }

  @Test
  @DisplayName("MessageEncoder and MessageDecoder: through a small buffer")
  void codersExample() throws Exception {
    MethodCall call =
        MethodCall.of(ObjectPath.ROOT, new MemberName("Ping"))
            .withFlags(MessageFlag.NO_REPLY_EXPECTED);
    Signal signal = Signal.of(ObjectPath.ROOT, new InterfaceName("a.b"), new MemberName("Done"));
    MessageEncoder encoder = new MessageEncoder();
    MessageDecoder decoder = new MessageDecoder();
    ByteBuffer outgoing = ByteBuffer.allocate(20);
    List<Message> messages = new ArrayList<>();

    encoder.append(call, 1);
    encoder.append(signal, 2);
    while (encoder.size() > 0) {
      encoder.drainTo(outgoing);
      ByteBuffer received = outgoing.flip();
      decoder.feed(received);
      for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
        messages.add(m.get());
      }
      received.clear();
    }

    assertEquals(List.of(call.withSerial(1), signal.withSerial(2)), messages);
    assertTrue(messages.getFirst().noReplyExpected());
  }
}
