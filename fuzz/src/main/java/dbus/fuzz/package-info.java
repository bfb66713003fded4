/// Coverage-guided fuzzing of what a peer, or a file, can reach:
///
/// | what | where |
/// | --- | --- |
/// | messages, signatures, values as text | [dbus.fuzz.MessageTarget], [dbus.fuzz.SignatureTarget], [dbus.fuzz.TextTarget] |
/// | addresses | [dbus.fuzz.AddressTarget] |
/// | introspection data | [dbus.fuzz.IntrospectionTarget] |
/// | the handshake, on either side, with policy and mechanisms | [dbus.fuzz.ServerHandshakeTarget], [dbus.fuzz.ClientHandshakeTarget] |
/// | a whole connection of a server, with descriptors, and with every kind of end | [dbus.fuzz.ConnectionTarget] |
///
/// ```
/// ./build -Pfuzz -pl fuzz -am verify
/// ```
///
/// lets Jazzer loose on each target for 20 seconds, which takes three minutes in all;
/// `-Dfuzz.seconds=3600` makes it an hour each. It begins with the seeds that [dbus.fuzz.Seeds]
/// makes, the regressions, and what it found worth keeping in earlier runs (`target/fuzz/NAME`,
/// gone with `clean`); words that it may put in stand in `src/main/dictionaries`. An input that
/// breaks a target fails the build and stays in `target/fuzz` as `NAME-crash-…`. Once it is mended,
/// the file goes to `src/test/resources/dbus/fuzz/NAME`, under a name that says what it was. There
/// also stand inputs that our own encoder does not make.
///
/// In every ordinary build the seeds and the regressions run through the targets as a test.
@NullMarked
package dbus.fuzz;

import org.jspecify.annotations.NullMarked;
