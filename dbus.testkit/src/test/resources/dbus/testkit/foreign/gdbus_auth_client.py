"""Authenticates as a client through GLib's GDBus, and says whether it was let in."""

import sys

from gi.repository import Gio, GLib

try:
    Gio.DBusConnection.new_for_address_sync(
        sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None
    )
    print("let in")
except GLib.Error as error:
    print("refused:", error.message)
