package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MessageProperties {

  @Property
  @Label("WIRE-33, WIRE-06 every message survives encoding and decoding in both byte orders")
  void roundTrip(@ForAll("messages") Message message, @ForAll("byteOrders") ByteOrder order)
      throws InvalidMessageException {
    byte[] bytes = MessageEncoder.encode(message, message.serial(), order);
    Message decoded = Decoding.first(bytes).orElseThrow();

    assertEquals(message, decoded);
    assertEquals(message.body().values(), decoded.body().values());
    assertEquals(order, decoded.byteOrder());
  }

  @Property
  @Label("MSG-23 one message has one encoding: what was received is encoded as it came")
  void encodingIsCanonical(
      @ForAll("messages") Message message, @ForAll("byteOrders") ByteOrder order)
      throws InvalidMessageException {
    byte[] bytes = MessageEncoder.encode(message, message.serial(), order);
    Message decoded = Decoding.first(bytes).orElseThrow();

    assertArrayEquals(bytes, MessageEncoder.encode(decoded, decoded.serial(), order));
    assertArrayEquals(
        MessageEncoder.encode(message, message.serial(), message.byteOrder()),
        MessageEncoder.encode(decoded, decoded.serial(), message.byteOrder()));
  }

  @Property(tries = 300)
  @Label("any split of a stream of messages gives the same messages")
  void anySplit(
      @ForAll("messageLists") List<Message> messages, @ForAll("pieceSizes") List<Integer> sizes)
      throws InvalidMessageException {
    MessageEncoder encoder = new MessageEncoder();
    messages.forEach(message -> encoder.append(message, message.serial()));
    byte[] stream = new byte[encoder.size()];
    encoder.drainTo(ByteBuffer.wrap(stream));

    assertEquals(messages, Decoding.inPieces(stream, sizes));
    assertEquals(messages, Decoding.inPieces(stream, List.of(stream.length)));
  }

  @Property(tries = 300)
  @Label("what is encoded behind other messages is encoded as it is alone")
  void encoderAppends(@ForAll("messageLists") List<Message> messages) {
    MessageEncoder encoder = new MessageEncoder();
    messages.forEach(message -> encoder.append(message, message.serial()));
    byte[] stream = new byte[encoder.size()];
    encoder.drainTo(ByteBuffer.wrap(stream));

    assertArrayEquals(
        Decoding.concatenated(
            messages.stream()
                .map(m -> MessageEncoder.encode(m, m.serial(), m.byteOrder()))
                .toList()),
        stream);
  }

  @Property(tries = 300)
  @Label("WIRE-34 every prefix of a valid message is \"need more\"")
  void prefixesNeedMore(@ForAll("bytes") byte[] bytes) throws InvalidMessageException {
    MessageDecoder bytewise = new MessageDecoder();
    for (int length = 0; length < bytes.length; length++) {
      assertEquals(length, bytewise.pending());
      assertEquals((length < 16 ? 16 : bytes.length) - length, bytewise.missing());

      assertEquals(Optional.empty(), Decoding.first(Arrays.copyOf(bytes, length)));
      assertEquals(
          length < 16 ? OptionalInt.empty() : OptionalInt.of(bytes.length),
          MessageDecoder.messageLength(ByteBuffer.wrap(bytes, 0, length)));

      bytewise.feed(ByteBuffer.wrap(bytes, length, 1));
      assertEquals(length + 1 == bytes.length, bytewise.next().isPresent());
    }
  }

  @Property
  @Label("MSG-28 a message can be printed, and its line is bounded")
  void printing(@ForAll("messages") Message message) {
    String line = message.toString();

    assertTrue(line.length() < 2000, line);
    assertTrue(line.chars().noneMatch(Character::isISOControl), line);
  }

  @Provide
  Arbitrary<Message> messages() {
    return MessageArbitraries.messages();
  }

  @Provide
  Arbitrary<List<Message>> messageLists() {
    return MessageArbitraries.messages().list().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Integer>> pieceSizes() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(1, 24), Arbitraries.integers().between(1, 600))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return MessageBytes.valid();
  }

  @Provide
  Arbitrary<ByteOrder> byteOrders() {
    return MessageArbitraries.byteOrders();
  }
}
