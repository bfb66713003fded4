/// Generators of the lines of a handshake, and of ways to cut them up, for properties with jqwik.
///
/// ```java
/// @Property
/// void noLineIsAnException(@ForAll("lines") List<String> lines, @ForAll("splittings") Splitting cut) {
///   ServerHandshake server =
///       ServerHandshake.builder(Guid.random())
///           .mechanisms(List.of(ServerMechanism.external()))
///           .build();
///   for (ByteBuffer piece : cut.pieces("\0" + String.join("\r\n", lines))) {
///     server.receive(piece);
///   }
///   assertFalse(server.status() instanceof Authenticated);
/// }
///
/// @Provide
/// Arbitrary<List<String>> lines() {
///   return AuthArbitraries.clientLines().list();
/// }
///
/// @Provide
/// Arbitrary<Splitting> splittings() {
///   return AuthArbitraries.splittings();
/// }
/// ```
package dbus.testkit.auth;
