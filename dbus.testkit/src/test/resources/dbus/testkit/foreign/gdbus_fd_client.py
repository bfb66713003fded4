"""Passes file descriptors to and from the interop service through GLib's GDBus."""

import os
import sys

from gi.repository import Gio, GLib

OBJECT = "/dbus/testkit/Interop"
INTERFACE = "dbus.testkit.Interop1"

peer = Gio.DBusConnection.new_for_address_sync(
    sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None
)
assert peer.get_capabilities() & Gio.DBusCapabilityFlags.UNIX_FD_PASSING


def call(member, arguments, fds):
    result, got = peer.call_with_unix_fd_list_sync(
        None, OBJECT, INTERFACE, member, arguments, None, Gio.DBusCallFlags.NONE, 10_000, fds, None
    )
    return result.unpack(), got


def all_of(fd):
    with open(fd, "rb") as file:
        return file.read().decode()


def pipe_with(text):
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    return reader


for text in ("", "h\u00e9llo", "x" * 300_000):
    (index,), got = call("OpenPipe", GLib.Variant("(s)", (text,)), None)
    assert (index, got.get_length()) == (0, 1)
    assert all_of(got.get(index)) == text, "OpenPipe"

for text in ("", "h\u00e9llo"):
    fds = Gio.UnixFDList.new()
    unused = fds.append(pipe_with("unused"))
    index = fds.append(pipe_with(text))
    (answer,), _ = call("ReadFd", GLib.Variant("(h)", (index,)), fds)
    assert answer == text, f"ReadFd: {answer!r}"

fds = Gio.UnixFDList.new()
fds.append(pipe_with("there and back"))
value = GLib.Variant("(v)", (GLib.Variant("(sh)", ("x", 0)),))
((echoed,), got) = call("Echo", value, fds)
assert echoed == ("x", 0)
assert all_of(got.get(0)) == "there and back", "Echo"
print("all passed")
