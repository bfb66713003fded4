/// D-Bus messages as immutable values, and the way to bytes and back.
///
/// | You have | and want | take |
/// | --- | --- | --- |
/// | Java objects of known types | arguments of a message | [dbus.wire.Codec], [dbus.wire.Body#of(Codec, Object)] |
/// | values whose types are known only at run time | the same | [dbus.wire.Value], [dbus.wire.Body#of(Value...)] |
/// | much data, and no time | the same | [dbus.wire.WireWriter], [dbus.wire.WireReader] |
/// | arguments | a message | [dbus.wire.MethodCall], [dbus.wire.MethodReturn], [dbus.wire.ErrorMessage], [dbus.wire.Signal] |
/// | messages | bytes | [dbus.wire.MessageEncoder] |
/// | bytes | messages | [dbus.wire.MessageDecoder] |
/// | marshalled values without a message | arguments | [dbus.wire.Body#decode], [dbus.wire.Body#bytes] |
///
/// A call, sent and received:
///
/// ```java
/// record Point(int x, int y) {}
///
/// Codec<Point> point = Codec.struct(INT32, INT32, Point::new, Point::x, Point::y);
///
/// MethodCall call =
///     MethodCall.of(
///             new ObjectPath("/org/example/Canvas"),
///             new InterfaceName("org.example.Canvas"),
///             new MemberName("Draw"))
///         .withBody(Body.of(listOf(point), List.of(new Point(0, 0), new Point(3, 4))));
/// byte[] bytes = MessageEncoder.encode(call, 1, ByteOrder.LITTLE_ENDIAN);
///
/// MessageDecoder decoder = new MessageDecoder();
/// decoder.feed(ByteBuffer.wrap(bytes));
/// if (decoder.next().orElseThrow() instanceof MethodCall received) {
///   List<Point> points = received.body().read(listOf(point)); // (0, 0), (3, 4)
/// }
/// ```
///
/// ## Whose bytes they are
///
/// Nothing is copied more often than it must be, so it matters how long a view may be looked at:
///
/// | What | whose bytes | until |
/// | --- | --- | --- |
/// | a buffer given to [dbus.wire.MessageDecoder#feed] | the caller's; each message is copied out of it, once | `next()` has returned empty: then all are taken |
/// | a message out of [dbus.wire.MessageDecoder#next] | its own | it is garbage, with its [dbus.wire.Body], [dbus.wire.HeaderField]s, and readers |
/// | a message out of [dbus.wire.MessageDecoder#decode(byte\[\])] | the caller's array, of which it is a view | likewise; the array must not be changed before |
/// | one out of [dbus.wire.MessageDecoder#decode(java.nio.ByteBuffer)] | the same, if the buffer gives its array away and the message begins at a multiple of 8 of it; else its own | likewise |
/// | a body out of [dbus.wire.Body#decode] | its own | it is garbage |
/// | strings, arrays, and [dbus.wire.Value]s taken from a message | their own | they are garbage; they keep no message |
/// | [dbus.wire.Body#bytes] | the body's, read-only | the body is garbage |
/// | [dbus.wire.MessageEncoder#peek] | the encoder's, read-only | the encoder is next used |
/// | the writer that [dbus.wire.MessageEncoder] hands to the arguments | the encoder's | the arguments are written |
/// | a [dbus.wire.WireReader] | its body's | [dbus.wire.WireReader#reset]; until then it keeps the message in memory |
///
/// So one string kept of a message of 100 MiB keeps a string; its body kept keeps 100 MiB. A loop
/// that reuses its encoder, decoder, reader, and buffer allocates nothing for itself in the long
/// run: only each message received, and what is read out of it as an object.
///
/// ```java
/// // Straight into the bytes that will be sent.
/// encoder.append(call, serial, text, writer -> writer.writeString("text"));
/// while (encoder.size() > 0) {
///   encoder.discard(out.write(encoder.peek())); // As much as the channel takes.
/// }
///
/// in.read(received);
/// decoder.feed(received.flip());
/// for (Optional<Message> m = decoder.next(); m.isPresent(); m = decoder.next()) {
///   reader.reset(m.get().body());
///   texts.add(reader.readString());
/// }
/// received.clear(); // All bytes are taken.
/// reader.reset(Body.EMPTY); // Lets the last message go.
/// ```
///
/// ## Other memory
///
/// A message may lie in a buffer of any kind, at any place of it, and in a
/// [java.lang.foreign.MemorySegment]; and it may be written there.
///
/// ```java
/// Message message = MessageDecoder.decode(segment.asByteBuffer());
///
/// encoder.append(message, serial);
/// encoder.drainTo(directOrMapped);
/// ```
///
/// Cursors walk over arrays, and nowhere else: out of other memory a message is copied as it is
/// decoded, at once, and into it as it is drained. A copy is little beside the rest
/// (`docs/performance.md` has the figures); to look at every kind of memory in place would cost
/// each value of every message something, and strings are made of arrays only. Whoever wants no new
/// array for each message copies into one that is kept:
///
/// ```java
/// kept.clear().put(direct).flip();
/// reader.reset(MessageDecoder.decode(kept).body());
/// ```
///
/// What arrives is checked whole, once, by the decoder: an [dbus.wire.InvalidMessageException]
/// names the rule that was broken, and where. What is inside a message after that is valid.
/// Mistakes of the program itself are [IllegalArgumentException] (a value that D-Bus cannot carry)
/// and [IllegalStateException] (a cursor that does not follow its signature).
package dbus.wire;
