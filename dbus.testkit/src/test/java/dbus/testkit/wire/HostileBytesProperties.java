package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.wire.BasicType;
import dbus.wire.InvalidMessageException;
import dbus.wire.Message;
import dbus.wire.MessageEncoder;
import dbus.wire.MessageType;
import dbus.wire.Signature;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/// Bytes of a peer lead to a message, to a named error, or to "need more", and to nothing else.
class HostileBytesProperties {
  /// For the array of an announced message (64 KiB at first) and for one exception.
  private static final long ALLOCATED_ONCE = 100_000;

  private static final long ALLOCATED_PER_BYTE = 150;

  @Property(tries = 3000)
  @Label("WIRE-34 any bytes give a message or a named error, for little memory")
  void anyBytes(@ForAll("anyBytes") byte[] bytes) {
    Statistics.label("outcome")
        .collect(outcome(bytes))
        .coverage(seen -> {
          seen.check("message").count(n -> n > 300);
          seen.check("error").count(n -> n > 300);
          seen.check("need more").count(n -> n > 50);
        });
  }

  @Property(tries = 20)
  @Label("WIRE-34 every one-bit change of a valid message gives a message or a named error")
  void oneBitChanges(@ForAll("validBytes") byte[] bytes) {
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      outcome(changed);
    }
  }

  @Example
  @Label("WIRE-34, WIRE-35 a signature of many structs inside each other takes little memory")
  void nestedSignatures() {
    Signature.parse(nestedSignature("v"));
    for (BasicType type : BasicType.values()) {
      // Another text each time, so that none is found in a cache.
      String text = nestedSignature(type.toString());
      long before = Allocation.bytes();
      Signature.parse(text);
      long allocated = Allocation.bytes() - before;

      assertTrue(
          allocated <= ALLOCATED_PER_BYTE * text.length(),
          () -> allocated + " bytes allocated for " + text.length());
    }
  }

  private static String nestedSignature(String last) {
    return "a(".repeat(31) + "(y)".repeat(50) + last + ")".repeat(31);
  }

  /// Decodes, and asserts all that holds for any outcome.
  private static String outcome(byte[] bytes) {
    try {
      // The first time for an outcome, the JVM links its code; what that takes is not meant here.
      Decoding.first(bytes);
    } catch (InvalidMessageException expected) {
      assertTrue(expected.getMessage().length() < 1000, expected.getMessage());
    }
    long before = Allocation.bytes();
    Optional<Message> message;
    try {
      message = Decoding.first(bytes);
    } catch (InvalidMessageException e) {
      assertFrugal(bytes, before);
      assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e.getMessage());
      assertTrue(e.getMessage().contains(e.violation().name()), e.getMessage());
      assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
      return "error";
    }
    assertFrugal(bytes, before);
    message.ifPresent(HostileBytesProperties::assertUsable);
    return message.isPresent() ? "message" : "need more";
  }

  private static void assertFrugal(byte[] bytes, long before) {
    long allocated = Allocation.bytes() - before;
    assertTrue(
        allocated <= ALLOCATED_ONCE + ALLOCATED_PER_BYTE * bytes.length,
        () -> allocated + " bytes allocated for " + bytes.length);
  }

  /// Whatever was accepted can be read, printed, and sent on.
  private static void assertUsable(Message message) {
    assertEquals(message.body().signature().types().size(), message.body().values().size());
    assertTrue(message.toString().length() < 2000, message::toString);
    if (message.type() != MessageType.UNKNOWN) {
      byte[] again = MessageEncoder.encode(message, message.serial(), message.byteOrder());
      try {
        assertEquals(Optional.of(message), Decoding.first(again));
      } catch (InvalidMessageException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Provide
  Arbitrary<byte[]> anyBytes() {
    return MessageBytes.any();
  }

  @Provide
  Arbitrary<byte[]> validBytes() {
    return MessageBytes.valid();
  }
}
