/// The command `dbus`.
package dbus.testkit.cli;
