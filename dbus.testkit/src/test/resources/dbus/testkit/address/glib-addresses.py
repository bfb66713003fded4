"""Answers what GLib says of addresses.

A question is a line of two words: what is asked, and the UTF-8 bytes of a text in hex. The answer is
a line. Only what is asked is called: the error that GLib gives for an unsupported address holds its
unescaped keys, and if these are no UTF-8 the binding cannot turn the error into an exception.
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


ANSWERS = {
    "is-address": Gio.dbus_is_address,
    "is-supported": is_supported,
    "escape": Gio.dbus_address_escape_value,
}

for line in sys.stdin:
    question, text = line.split(" ")
    print(ANSWERS[question](bytes.fromhex(text).decode("utf-8")), flush=True)
