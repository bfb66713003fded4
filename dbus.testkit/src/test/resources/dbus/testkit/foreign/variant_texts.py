"""Parses each argument as GLib does; prints its type and its text again, or "refused"."""
import sys

from gi.repository import GLib

for text in sys.argv[1:]:
    try:
        value = GLib.Variant.parse(None, text, None, None)
        print(value.get_type_string(), value.print_(True))
    except GLib.Error:
        print("refused")
