"""Tells how GLib understands messages.

A question is a message in hex. The answer is a line: what GLib found in the header, the arguments,
and, unless it needs file descriptors, which are not here, the message as GLib writes it itself,
little-endian and big-endian.
"""
import struct
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio

NO_CAPABILITY = Gio.DBusCapabilityFlags.NONE
ORDERS = (Gio.DBusMessageByteOrder.LITTLE_ENDIAN, Gio.DBusMessageByteOrder.BIG_ENDIAN)

NUMBERS = {
    "y": "get_byte",
    "b": "get_boolean",
    "n": "get_int16",
    "q": "get_uint16",
    "i": "get_int32",
    "u": "get_uint32",
    "x": "get_int64",
    "t": "get_uint64",
    "h": "get_handle",
}


def describe(value):
    code = value.get_type_string()[0]
    if code in NUMBERS:
        return "%s%d" % (code, getattr(value, NUMBERS[code])())
    if code == "d":
        return "d" + struct.pack(">d", value.get_double()).hex()
    if code in "sog":
        return code + value.get_string().encode("utf-8").hex()
    if code == "v":
        return "v<%s>" % describe(value.get_variant())
    children = [value.get_child_value(i) for i in range(value.n_children())]
    return value.get_type_string() + "[" + ",".join(map(describe, children)) + "]"


def header(message):
    fields = (
        int(message.get_message_type()),
        int(message.get_flags()),
        message.get_serial(),
        message.get_path(),
        message.get_interface(),
        message.get_member(),
        message.get_error_name(),
        message.get_reply_serial(),
        message.get_destination(),
        message.get_sender(),
        message.get_signature(),
        message.get_num_unix_fds(),
    )
    return "|".join("" if field is None else str(field) for field in fields)


def blob(message, order):
    message.set_byte_order(order)
    return message.to_blob(NO_CAPABILITY).hex()


for line in sys.stdin:
    message = Gio.DBusMessage.new_from_blob(bytes.fromhex(line), NO_CAPABILITY)
    body = message.get_body()
    arguments = "()[]" if body is None else describe(body)
    orders = ORDERS if message.get_num_unix_fds() == 0 else ()
    blobs = [blob(message, order) for order in orders]
    print(header(message), arguments, *blobs, flush=True)
