"""Asks through GLib's GDBus who the server takes this client for, and prints the mechanism."""

import sys

from gi.repository import Gio

peer = Gio.DBusConnection.new_for_address_sync(
    sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None
)
print(
    peer.call_sync(
        None, "/dbus/testkit/Interop", "dbus.testkit.Interop1", "WhoAmI", None, None,
        Gio.DBusCallFlags.NONE, 10_000, None,
    ).unpack()[2]
)
