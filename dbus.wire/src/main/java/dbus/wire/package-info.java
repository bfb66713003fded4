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
/// What arrives is checked whole, once, by the decoder: an [dbus.wire.InvalidMessageException]
/// names the rule that was broken, and where. What is inside a message after that is valid.
/// Mistakes of the program itself are [IllegalArgumentException] (a value that D-Bus cannot carry)
/// and [IllegalStateException] (a cursor that does not follow its signature).
package dbus.wire;
