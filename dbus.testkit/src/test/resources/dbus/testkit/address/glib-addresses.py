"""Answers what GLib says of addresses.

A question is a line of the UTF-8 bytes of a text in hex. The answer is a line of three words:
whether it is an address, whether it is a supported one, and the text escaped as a value.
"""
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib


def is_supported(text):
    try:
        return Gio.dbus_is_supported_address(text)
    except GLib.Error:
        return False


for line in sys.stdin:
    text = bytes.fromhex(line).decode("utf-8")
    print(
        "yes" if Gio.dbus_is_address(text) else "no",
        "yes" if is_supported(text) else "no",
        "=" + Gio.dbus_address_escape_value(text),
        flush=True,
    )
