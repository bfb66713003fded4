"""Answers what GLib says of names, paths, signatures, and GUIDs.

A question is a line of two words: which predicate, and the UTF-8 bytes of a text in hex, behind an x.
The answer is a line.
"""
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

PREDICATES = {
    "name": Gio.dbus_is_name,
    "unique-name": Gio.dbus_is_unique_name,
    "member-name": Gio.dbus_is_member_name,
    "interface-name": Gio.dbus_is_interface_name,
    "error-name": Gio.dbus_is_error_name,
    "guid": Gio.dbus_is_guid,
    "object-path": GLib.variant_is_object_path,
    "signature": GLib.variant_is_signature,
}

for line in sys.stdin:
    predicate, text = line.split()
    print(PREDICATES[predicate](bytes.fromhex(text[1:]).decode("utf-8")), flush=True)
