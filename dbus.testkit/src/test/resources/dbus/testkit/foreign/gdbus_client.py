"""Calls the interop service through GLib's GDBus, as a peer, with python3-gi."""

import os
import sys

from gi.repository import Gio, GLib

OBJECT = "/dbus/testkit/Interop"
INTERFACE = "dbus.testkit.Interop1"
PROPERTIES = "org.freedesktop.DBus.Properties"

peer = Gio.DBusConnection.new_for_address_sync(
    sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None
)


def call(member, arguments=None, interface=INTERFACE, path=OBJECT):
    return peer.call_sync(
        None, path, interface, member, arguments, None, Gio.DBusCallFlags.NONE, 10_000, None
    ).unpack()


def check(what, got, wanted):
    assert got == wanted, f"{what}: {got!r}, not {wanted!r}"


TEXT = (
    "(byte 0xff, true, int16 -32768, uint16 65535, -2147483648, uint32 4294967295,"
    " int64 -9223372036854775808, uint64 18446744073709551615, -0.5, 'h\u00e9',"
    " objectpath '/a/b', signature 'a{sv}', ['x', ''], {'k': <uint32 7>},"
    " (1, 's', [1.5, -2.5]), [byte 0x00, 0x01])"
)
everything = GLib.Variant.parse(
    GLib.VariantType("(ybnqiuxtdsogasa{sv}(isad)ay)"), TEXT, None, None
)

check("EchoMany", call("EchoMany", everything), everything.unpack())
nested = GLib.Variant("(v)", (GLib.Variant("(sa{sv}aav)", ("x", {"a": GLib.Variant("s", "b")}, [])),))
check("Echo", call("Echo", nested), nested.unpack())
check("Sum", call("Sum", GLib.Variant("(ai)", ([1, 2, 3],))), (6,))
check("WhoAmI", call("WhoAmI"), (os.getuid(), os.getpid(), "EXTERNAL"))
try:
    call("Fail", GLib.Variant("(ss)", ("com.example.Error.Odd", "so it is")))
    raise AssertionError("Fail did not fail")
except GLib.Error as error:
    check("Fail", Gio.DBusError.get_remote_error(error), "com.example.Error.Odd")

pings = []


def on_pinged(connection, sender, path, interface, signal, arguments):
    pings.append(arguments.unpack())


peer.signal_subscribe(
    None, INTERFACE, "Pinged", OBJECT, None, Gio.DBusSignalFlags.NONE, on_pinged
)
call("EmitPinged", GLib.Variant("(su)", ("x", 3)))
call("Sleep", GLib.Variant("(u)", (1,)))
# GDBus answers Ping by itself, in its own thread.
check("CallBack", call("CallBack"), (True,))

loop = GLib.MainLoop()
changes = []


def on_changed(connection, sender, path, interface, signal, arguments):
    changes.append(arguments.unpack())
    if len(changes) == 2:
        loop.quit()


peer.signal_subscribe(
    None, PROPERTIES, "PropertiesChanged", OBJECT, INTERFACE, Gio.DBusSignalFlags.NONE, on_changed
)
for name, value in (("Counter", GLib.Variant("u", 5)), ("Note", GLib.Variant("s", "n"))):
    call("Set", GLib.Variant("(ssv)", (INTERFACE, name, value)), PROPERTIES)
# Setting what is there already changes nothing, so nothing is said of it.
call("Set", GLib.Variant("(ssv)", (INTERFACE, "Counter", GLib.Variant("u", 5))), PROPERTIES)
if len(changes) < 2:
    loop.run()
check("EmitPinged", pings, [("x", 0), ("x", 1), ("x", 2)])
check("PropertiesChanged", changes, [
    (INTERFACE, {"Counter": 5}, []),
    (INTERFACE, {}, ["Note"]),
])
info = Gio.DBusNodeInfo.new_for_xml(
    call("Introspect", interface="org.freedesktop.DBus.Introspectable")[0]
)
check("interfaces", [i.name for i in info.interfaces], [
    PROPERTIES, "org.freedesktop.DBus.Introspectable", "org.freedesktop.DBus.Peer", INTERFACE,
])
check("GUID", peer.get_guid(), sys.argv[1].rpartition("guid=")[2])
print("all answered rightly")
