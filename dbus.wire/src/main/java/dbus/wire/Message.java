package dbus.wire;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A message: what two peers send each other. Immutable, also while several threads use it.
///
/// A message is made with the factory methods of its class, or comes out of a [MessageDecoder]. One
/// that was received is a view over its bytes, which it owns: names become objects, and the body
/// becomes values, when they are asked for. So a message keeps its bytes in memory as long as it
/// lives itself, its [Body] does likewise, and strings and values taken from it do not.
///
/// ```java
/// switch (message) {
///   case MethodCall call -> handle(call.path(), call.member(), call.body());
///   case MethodReturn reply -> complete(reply.replySerial(), reply.body());
///   case ErrorMessage error -> fail(error.replySerial(), error.errorName(), error.text());
///   case Signal signal -> deliver(signal.path(), signal.member(), signal.body());
///   case UnknownMessage _ -> {} // The specification wants it ignored.
/// }
/// ```
///
/// Two messages are equal if they have the same type, flags, serial, known header fields, and body,
/// whatever their byte orders. D-Bus Specification, "Message Protocol".
public sealed interface Message
    permits MethodCall, MethodReturn, ErrorMessage, Signal, UnknownMessage {
  /// The kind of message, by which a `switch` over the class can be spared.
  ///
  /// @return the type
  MessageType type();

  /// The flags, without the bits that have no meaning.
  ///
  /// @return an unmodifiable set
  Set<MessageFlag> flags();

  /// Whether the sender wants no reply; of interest on a call only.
  ///
  /// @return true if [MessageFlag#NO_REPLY_EXPECTED] is set
  boolean noReplyExpected();

  /// The number that the sender gave to the message.
  ///
  /// @return an unsigned 32-bit number; 0 if none was given yet
  int serial();

  /// The name that the message says it comes from. Nobody vouches for it where there is no bus.
  ///
  /// @return the name, or empty
  Optional<BusName> sender();

  /// The name that the message is meant for.
  ///
  /// @return the name, or empty
  Optional<BusName> destination();

  /// All header fields, also those whose codes the specification does not define, which mean
  /// nothing and are never written.
  ///
  /// @return an unmodifiable list; of a message that was received, the fields in the order in which
  ///   they came, and as long as the peer made it; of one that was made here or changed, the fields
  ///   that would be written, in ascending order of their codes
  List<HeaderField> fields();

  /// The header field with a code.
  ///
  /// @param code 1 to 255; see [HeaderField.Known#code()]
  /// @return the first field with the code, or empty
  default Optional<HeaderField> field(int code) {
    return fields().stream().filter(field -> field.code() == code).findFirst();
  }

  /// The arguments.
  ///
  /// @return the body, empty if there are none
  Body body();

  /// How many file descriptors the message declares to travel with it. The descriptors themselves
  /// are in [Body#unixFds()].
  ///
  /// @return 0 to 253
  int unixFds();

  /// How many bytes it keeps in memory, about: all those that it was received in, header included,
  /// or else those of its body.
  ///
  /// @return the number
  int retainedBytes();

  /// The same message with these file descriptors, declared and in its body. This is how whoever
  /// received both puts them together.
  ///
  /// @param unixFds the descriptors, which then belong to the new message
  /// @return the new message
  Message withUnixFds(UnixFds unixFds);

  /// The byte order: in which the message came, or in which its body was made.
  ///
  /// @return the order
  ByteOrder byteOrder();

  /// All that the message says, for people who look for a mistake: a line for each header field and
  /// each argument, the latter in the notation of [Value#toText()]. What a peer may have made long
  /// is cut, and control characters are escaped. Unlike `toString()` it shows the arguments, which
  /// may be secret.
  ///
  /// @return some lines, at most about 6,000 characters
  String describe();
}
