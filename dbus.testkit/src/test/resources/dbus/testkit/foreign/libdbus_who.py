"""Asks through libdbus who the server takes this client for, and prints the mechanism."""

import sys

import dbus.connection

peer = dbus.connection.Connection(sys.argv[1])
print(
    peer.call_blocking(
        None, "/dbus/testkit/Interop", "dbus.testkit.Interop1", "WhoAmI", "", ()
    )[2]
)
