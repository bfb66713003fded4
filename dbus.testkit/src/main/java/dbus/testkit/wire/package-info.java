/// Generators of D-Bus types, names, values, and messages, and of bytes that are nearly messages,
/// for properties with jqwik.
///
/// ```java
/// @Property
/// void whatIsWrittenIsRead(@ForAll("values") Value value) {
///   assertEquals(List.of(value), Body.of(value).values());
/// }
///
/// @Provide
/// Arbitrary<Value> values() {
///   return ValueArbitraries.values();
/// }
/// ```
///
/// | to test | with |
/// | --- | --- |
/// | code that is given types or values | [dbus.testkit.wire.TypeArbitraries], [dbus.testkit.wire.ValueArbitraries] |
/// | code that is given names | [dbus.testkit.wire.NameArbitraries] |
/// | code that is given messages | [dbus.testkit.wire.MessageArbitraries] |
/// | code that reads the bytes of a peer | [dbus.testkit.wire.MessageBytes] |
/// | code that reads names or signatures as text | [dbus.testkit.wire.WireTexts] |
///
/// The generators have no edge cases in the sense of jqwik, which would multiply with every level
/// of nesting; the special values, such as the largest numbers and NaN, come up by themselves.
package dbus.testkit.wire;
