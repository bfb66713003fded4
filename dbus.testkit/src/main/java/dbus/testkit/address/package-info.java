/// Generators of D-Bus addresses and of texts that are nearly addresses, for properties with jqwik.
///
/// ```java
/// @Property
/// void parseUndoesFormat(@ForAll("addresses") Address address) {
///   assertEquals(address, Address.parse(address.toString()));
/// }
///
/// @Provide
/// Arbitrary<Address> addresses() {
///   return AddressArbitraries.addresses();
/// }
/// ```
package dbus.testkit.address;
