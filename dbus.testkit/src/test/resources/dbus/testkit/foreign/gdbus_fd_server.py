"""The two methods of the interop service that pass file descriptors, served by GLib's GDBus."""

import os
import sys

from gi.repository import Gio, GLib

XML = """
<node>
  <interface name="dbus.testkit.Interop1">
    <method name="OpenPipe"><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
    <method name="ReadFd"><arg type="h" direction="in"/><arg type="s" direction="out"/></method>
  </interface>
</node>
"""


def on_call(connection, sender, path, interface, method, arguments, invocation):
    (argument,) = arguments.unpack()
    if method == "OpenPipe":
        reader, writer = os.pipe()
        os.write(writer, argument.encode())
        os.close(writer)
        fds = Gio.UnixFDList.new_from_array([reader])
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)
    else:
        fds = invocation.get_message().get_unix_fd_list()
        with open(fds.get(argument), "rb") as file:
            text = file.read().decode()
        invocation.return_value(GLib.Variant("(s)", (text,)))


peers = []


def on_connection(_, peer):
    peers.append(peer)
    interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
    peer.register_object("/dbus/testkit/Interop", interface, on_call, None, None)
    return True


observer = Gio.DBusAuthObserver.new()
observer.connect("authorize-authenticated-peer", lambda *_: True)
server = Gio.DBusServer.new_sync(
    sys.argv[1], Gio.DBusServerFlags.NONE, Gio.dbus_generate_guid(), observer, None
)
server.connect("new-connection", on_connection)
server.start()
print(server.get_client_address(), flush=True)
GLib.MainLoop().run()
