"""Calls every method of the interop service through python3-dbus, which is libdbus."""

import sys

import dbus
import dbus.connection

OBJECT = "/dbus/testkit/Interop"
INTERFACE = "dbus.testkit.Interop1"
PROPERTIES = "org.freedesktop.DBus.Properties"

peer = dbus.connection.Connection(sys.argv[1])


def call(member, signature="", *args, interface=INTERFACE, path=OBJECT):
    return peer.call_blocking(None, path, interface, member, signature, args)


def error_of(member, signature="", *args, **where):
    try:
        call(member, signature, *args, **where)
    except dbus.DBusException as error:
        return error.get_dbus_name(), error.get_dbus_message()
    return None


def check(what, got, wanted):
    assert got == wanted, f"{what}: {got!r}, not {wanted!r}"


everything = (
    dbus.Byte(255), True, dbus.Int16(-32768), dbus.UInt16(65535), dbus.Int32(-(2**31)),
    dbus.UInt32(2**32 - 1), dbus.Int64(-(2**63)), dbus.UInt64(2**64 - 1), -0.5, "h\u00e9\U0001f600",
    dbus.ObjectPath("/a/b"), dbus.Signature("a{sv}"), ["x", ""],
    {"k": dbus.UInt32(7, variant_level=1)}, (1, "s", [1.5, -2.5]), dbus.ByteArray(b"\0\1\2"),
)
types = "ybnqiuxtdsogasa{sv}(isad)ay"

check("Ping", call("Ping", interface="org.freedesktop.DBus.Peer"), None)
check("Sum", call("Sum", "ai", [1, 2, 3]), 6)
check("Sum of nothing", call("Sum", "ai", []), 0)
check("Sum beyond 32 bits", call("Sum", "ai", [2**31 - 1] * 3), 3 * (2**31 - 1))

echoed = call("EchoMany", types, *everything)
check("EchoMany, numbers", tuple(echoed[:9]), everything[:9])
check("EchoMany, text", tuple(echoed[9:12]), everything[9:12])
check("EchoMany, containers", list(echoed[12]), everything[12])
check("EchoMany, dictionary", dict(echoed[13]), {"k": 7})
check("EchoMany, structure", (echoed[14][0], echoed[14][1], list(echoed[14][2])), everything[14])
check("EchoMany, bytes", bytes(bytearray(echoed[15])), b"\0\1\2")

for value in everything:
    value = dbus.Boolean(value) if value is True else value
    echoed = call("Echo", "v", value)
    check("Echo", echoed, list(value) if isinstance(value, dbus.ByteArray) else value)

check("Fail", error_of("Fail", "ss", "com.example.Error.Odd", "so it is"),
      ("com.example.Error.Odd", "so it is"))
check("Fail, bad name", error_of("Fail", "ss", "no name", "text"),
      ("org.freedesktop.DBus.Error.InvalidArgs", "text"))
for name, got in {
    "UnknownObject": error_of("Sum", "ai", [1], path="/nowhere"),
    "UnknownInterface": error_of("Sum", "ai", [1], interface="no.such.Interface"),
    "UnknownMethod": error_of("NoSuchMethod"),
    "InvalidArgs": error_of("Sum", "s", "1"),
    "UnknownProperty": error_of("Get", "ss", INTERFACE, "Nothing", interface=PROPERTIES),
    "PropertyReadOnly": error_of("Set", "ssv", INTERFACE, "Version", "2", interface=PROPERTIES),
    "AccessDenied": error_of("Get", "ss", INTERFACE, "Secret", interface=PROPERTIES),
}.items():
    check(name, got and got[0], "org.freedesktop.DBus.Error." + name)
check("Set with a wrong type",
      error_of("Set", "ssv", INTERFACE, "Counter", "text", interface=PROPERTIES)[0],
      "org.freedesktop.DBus.Error.InvalidArgs")

call("Set", "ssv", INTERFACE, "Counter", dbus.UInt32(41), interface=PROPERTIES)
check("Get", call("Get", "ss", INTERFACE, "Counter", interface=PROPERTIES), 41)
check("GetAll", sorted(call("GetAll", "s", INTERFACE, interface=PROPERTIES)),
      ["Counter", "Note", "Version"])
xml = call("Introspect", interface="org.freedesktop.DBus.Introspectable")
assert '<method name="EchoMany">' in xml, xml
check("a method without its interface", call("Sum", "ai", [4], interface=None), 4)
uid, pid, mechanism = call("WhoAmI")
import os
check("WhoAmI", (uid, pid, mechanism), (os.getuid(), os.getpid(), "EXTERNAL"))
print("all answered rightly")
