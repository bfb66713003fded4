/// The services that `dbus serve` exports, so that any D-Bus implementation can be tried against
/// this one, feature by feature.
package dbus.testkit.interop;
