"""A server of GLib's GDBus that allows one mechanism.

Prints its address with its guid, and a line for each peer that it lets in.
"""

import sys

from gi.repository import Gio, GLib

address, mechanism = sys.argv[1:]
observer = Gio.DBusAuthObserver.new()
observer.connect("allow-mechanism", lambda _, asked: asked == mechanism)
observer.connect("authorize-authenticated-peer", lambda *_: True)
server = Gio.DBusServer.new_sync(
    address,
    Gio.DBusServerFlags.AUTHENTICATION_ALLOW_ANONYMOUS,
    Gio.dbus_generate_guid(),
    observer,
    None,
)
peers = []


def on_connection(_, peer):
    peers.append(peer)
    print("let in", flush=True)
    return True


server.connect("new-connection", on_connection)
server.start()
print(f"{server.get_client_address()},guid={server.get_guid()}", flush=True)
GLib.MainLoop().run()
