/// Generators of introspection data, and of texts that are nearly XML for it, for properties with
/// jqwik.
///
/// ```java
/// @Property
/// void whatIsWrittenIsRead(@ForAll("nodes") NodeInfo node) throws Exception {
///   assertEquals(node, NodeInfo.parse(node.toXml()));
/// }
///
/// @Provide
/// Arbitrary<NodeInfo> nodes() {
///   return IntrospectionArbitraries.nodes();
/// }
/// ```
package dbus.testkit.introspection;
