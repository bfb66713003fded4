package dbus.testkit.introspection;

import dbus.testkit.glib.SkippedWithoutGlib;

/// Made by jqwik, to which only the packages with tests are open.
final class NeedsGlib extends SkippedWithoutGlib {}
