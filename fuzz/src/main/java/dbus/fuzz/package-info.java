/// Coverage-guided fuzzing of what a peer can reach: [dbus.fuzz.MessageTarget],
/// [dbus.fuzz.SignatureTarget], and [dbus.fuzz.TextTarget].
///
/// ```
/// ./build -Pfuzz -pl fuzz -am verify
/// ```
///
/// lets Jazzer loose on each target for 20 seconds; `-Dfuzz.seconds=3600` makes it an hour. It
/// begins with the seeds that [dbus.fuzz.Seeds] makes, the regressions, and what it found worth
/// keeping in earlier runs (`target/fuzz/NAME`, gone with `clean`). An input that breaks a target
/// fails the build and stays in `target/fuzz` as `NAME-crash-…`. Once it is mended, the file goes
/// to `src/test/resources/dbus/fuzz/NAME`, under a name that says what it was. There also stand
/// inputs that our own encoder does not make.
///
/// In every ordinary build the seeds and the regressions run through the targets as a test.
@NullMarked
package dbus.fuzz;

import org.jspecify.annotations.NullMarked;
