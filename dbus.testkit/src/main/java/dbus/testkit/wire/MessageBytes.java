package dbus.testkit.wire;

import dbus.wire.MessageEncoder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Generators of bytes as a peer may send them: messages, and what is nearly a message. Most of the
/// latter come close to the edge between valid and invalid, on either side. They shrink to small
/// messages with one fault.
public final class MessageBytes {
  private static final int MAX_MUTATIONS = 3;

  private MessageBytes() {}

  /// Valid messages, as this library encodes them.
  public static Arbitrary<byte[]> valid() {
    return MessageArbitraries.messages()
        .map(message -> MessageEncoder.encode(message, message.serial(), message.byteOrder()))
        .withoutEdgeCases();
  }

  /// Valid messages in which up to three things were changed, see [Mutation]. A few are still
  /// valid.
  public static Arbitrary<byte[]> mutated() {
    return Combinators.combine(
            Arbitraries.oneOf(valid(), assembled()),
            Mutation.any().list().ofMinSize(1).ofMaxSize(MAX_MUTATIONS))
        .as(MessageBytes::mutate)
        .withoutEdgeCases();
  }

  /// Messages put together field by field, as a peer with its own habits or faults may do: any
  /// order of fields, unknown fields and types, fields that are missing, that occur twice, or whose
  /// value is nearly right. Their lengths are right. About half are valid.
  public static Arbitrary<byte[]> assembled() {
    return AssembledMessage.any().map(AssembledMessage::bytes).withoutEdgeCases();
  }

  /// Any of the above, and bytes that have nothing of a message.
  public static Arbitrary<byte[]> any() {
    return Arbitraries.frequencyOf(
            Tuple.of(2, valid()),
            Tuple.of(4, mutated()),
            Tuple.of(4, assembled()),
            Tuple.of(1, Arbitraries.bytes().array(byte[].class).ofMaxSize(64)))
        .withoutEdgeCases();
  }

  private static byte[] mutate(byte[] message, List<Mutation> mutations) {
    byte[] mutated = message;
    for (Mutation mutation : mutations) {
      mutated = mutation.applyTo(mutated);
    }
    return mutated;
  }
}
