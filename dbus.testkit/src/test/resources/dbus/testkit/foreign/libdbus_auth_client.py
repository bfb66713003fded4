"""Authenticates as a client through libdbus. The server ends the connection after that."""

import sys

import dbus
import dbus.connection

peer = dbus.connection.Connection(sys.argv[1])
try:
    peer.call_blocking(None, "/", "org.freedesktop.DBus.Peer", "Ping", "", ())
except dbus.DBusException as error:
    print(error.get_dbus_name())
