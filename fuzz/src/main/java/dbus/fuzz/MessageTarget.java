package dbus.fuzz;

import dbus.wire.Body;
import dbus.wire.HeaderField;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageDecoder;
import dbus.wire.MessageEncoder;
import dbus.wire.UnknownMessage;
import dbus.wire.Value;
import dbus.wire.WireReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// Any bytes are a message, or are refused by name with a place in them, whichever way they come. A
/// message can be read in every way, and be written in both byte orders.
public final class MessageTarget {
  private MessageTarget() {}

  /// Tries one input.
  ///
  /// @param input the bytes of a message, or anything else
  public static void fuzzerTestOneInput(byte[] input) {
    Optional<Message> inPieces = inPieces(input);
    Message message;
    try {
      message = MessageDecoder.decode(input.clone());
    } catch (InvalidMessageException e) {
      Claim.isTrue(e.offset() >= 0 && e.offset() <= input.length, e);
      Claim.isTrue(String.valueOf(e.getMessage()).length() < 1000, "a short message");
      for (ByteBuffer elsewhere : elsewhere(input)) {
        Claim.areEqual(String.valueOf(e.getMessage()), fault(elsewhere));
      }
      return;
    }
    Claim.areEqual(Optional.of(message), inPieces);
    for (ByteBuffer elsewhere : elsewhere(input)) {
      Claim.areEqual("", fault(elsewhere));
    }
    read(message);
    if (!(message instanceof UnknownMessage)) {
      write(message);
    }
  }

  /// The same bytes inside of an array, where they are looked at and where they are copied, and
  /// outside of the heap.
  private static List<ByteBuffer> elsewhere(byte[] input) {
    byte[] array = new byte[input.length + 16];
    System.arraycopy(input, 0, array, 8, input.length);
    return List.of(
        ByteBuffer.wrap(array, 8, input.length),
        ByteBuffer.wrap(array, 8, input.length).slice().asReadOnlyBuffer(),
        ByteBuffer.allocateDirect(input.length).put(input).flip());
  }

  private static String fault(ByteBuffer bytes) {
    try {
      Body body = MessageDecoder.decode(bytes).body();
      Claim.areEqual(body, Body.decode(body.signature(), body.byteOrder(), body.bytes()));
      return "";
    } catch (InvalidMessageException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The first message, if the bytes come in pieces whose lengths grow.
  private static Optional<Message> inPieces(byte[] input) {
    MessageDecoder decoder = new MessageDecoder(1 << 20);
    int length = 1;
    for (int at = 0; at < input.length; at += length, length *= 2) {
      decoder.feed(ByteBuffer.wrap(input, at, Math.min(length, input.length - at)));
      try {
        Optional<Message> message = decoder.next();
        if (message.isPresent()) {
          return message;
        }
        Claim.isTrue(decoder.missing() > 0, "missing");
      } catch (InvalidMessageException e) {
        Claim.isTrue(e.offset() >= 0 && e.offset() <= input.length, e);
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void read(Message message) {
    Claim.isTrue(message.describe().length() < 8000, "a short description");
    Claim.isTrue(message.toString().length() < 2000, "a short text");
    for (HeaderField field : message.fields()) {
      Claim.areEqual(field.type(), field.value().type());
      field.known().ifPresent(known -> Claim.areEqual(known.type(), field.type()));
    }
    WireReader reader = message.body().reader();
    for (Value value : message.body().values()) {
      Claim.areEqual(value.type(), reader.nextType());
      reader.skip();
      Claim.areEqual(value, value);
      Claim.isTrue(!value.toText().isEmpty(), "a text");
    }
    Claim.isTrue(!reader.hasNext(), "the end");
  }

  private static void write(Message message) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      byte[] written = MessageEncoder.encode(message, message.serial(), order);
      try {
        Message again = MessageDecoder.decode(written);
        Claim.areEqual(message, again);
        Claim.areEqual(message.hashCode(), again.hashCode());
        Body body = again.body().withByteOrder(message.byteOrder());
        Claim.areEqual(message.body().bytes(), body.bytes());
      } catch (InvalidMessageException e) {
        throw new IllegalStateException("what was written is invalid", e);
      }
    }
  }
}
