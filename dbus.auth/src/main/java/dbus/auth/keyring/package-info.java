/// The cookie keyring: the files by which two processes of one user recognise each other. The only
/// I/O of this module.
///
/// | to read | holds |
/// | --- | --- |
/// | [Keyring] | what servers and clients ask: a fresh cookie, the secret of a cookie |
/// | [KeyringDirectory] | the directory that only its user may enter, and its files |
/// | [LockFile] | the file that keeps two writers apart, and what happens to a stale one |
/// | [CookieFile] | the lines of one context's file |
/// | [Cookie] | an id, a time, a secret; how old it may become |
/// | [CookieContext] | the name of a file, checked before it is one |
///
/// The layout is shared with libdbus, GDBus and others, which read and write the same files at the
/// same time. Nothing here is kept between two calls; there is no state but that of the disk.
///
/// D-Bus Specification, "DBUS_COOKIE_SHA1".
@NullMarked
package dbus.auth.keyring;

import org.jspecify.annotations.NullMarked;
