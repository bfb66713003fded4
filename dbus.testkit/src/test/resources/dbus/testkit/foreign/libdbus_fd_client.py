"""Passes file descriptors to and from the interop service through python3-dbus, which is libdbus."""

import os
import sys

import dbus
import dbus.connection

OBJECT = "/dbus/testkit/Interop"
INTERFACE = "dbus.testkit.Interop1"

peer = dbus.connection.Connection(sys.argv[1])


def call(member, signature, *args):
    return peer.call_blocking(None, OBJECT, INTERFACE, member, signature, args)


def all_of(fd):
    with open(fd, "rb") as file:
        return file.read().decode()


def pipe_with(text):
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    return dbus.types.UnixFd(reader)


for text in ("", "h\u00e9llo", "x" * 300_000):
    assert all_of(call("OpenPipe", "s", text).take()) == text, "OpenPipe"
for text in ("", "h\u00e9llo"):
    assert call("ReadFd", "h", pipe_with(text)) == text, "ReadFd"
assert all_of(call("Echo", "v", pipe_with("back")).take()) == "back", "Echo"
print("all passed")
