"""A server of GLib's GDBus for its clients: calls in both directions, signals, properties, errors,
and file descriptors.

    gdbus_server.py ADDRESS

Prints its address, and a line for each signal that a peer emits. It serves until it is ended.
"""

import os
import sys

from gi.repository import Gio, GLib

CALLS = "com.example.Calls1"
INTEROP = "dbus.testkit.Interop1"
XML = f"""
<node>
  <interface name="{CALLS}">
    <method name="Add">
      <arg type="i" direction="in"/><arg type="i" direction="in"/><arg type="i" direction="out"/>
    </method>
    <method name="Fail"/>
    <method name="CallBack"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
    <method name="Tick"><arg type="s" direction="in"/></method>
    <signal name="Ticked"><arg type="s"/></signal>
    <property name="Level" type="u" access="readwrite"/>
  </interface>
  <interface name="{INTEROP}">
    <method name="OpenPipe"><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
    <method name="ReadFd"><arg type="h" direction="in"/><arg type="s" direction="out"/></method>
  </interface>
</node>
"""

peers = []
level = 1


def call_back(peer, member, invocation):
    """What the peer answers becomes the answer to the call that led to it."""

    def answered(_, result):
        try:
            invocation.return_value(peer.call_finish(result))
        except GLib.Error as error:
            invocation.return_dbus_error(Gio.DBusError.get_remote_error(error), "from the peer")

    peer.call(
        None, "/client", "com.example.Client1", member, None, None,
        Gio.DBusCallFlags.NONE, GLib.MAXINT, None, answered,
    )


def on_call(peer, sender, path, interface, method, arguments, invocation):
    values = arguments.unpack()
    if method == "Add":
        invocation.return_value(GLib.Variant("(i)", (sum(values),)))
    elif method == "Fail":
        invocation.return_dbus_error("com.example.Error.Full", "no room")
    elif method == "CallBack":
        call_back(peer, values[0], invocation)
    elif method == "Tick":
        peer.emit_signal(None, path, interface, "Ticked", arguments)
        invocation.return_value(None)
    elif method == "OpenPipe":
        reader, writer = os.pipe()
        os.write(writer, values[0].encode())
        os.close(writer)
        fds = Gio.UnixFDList.new_from_array([reader])
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)
    else:
        fds = invocation.get_message().get_unix_fd_list()
        with open(fds.get(values[0]), "rb") as file:
            text = file.read().decode()
        invocation.return_value(GLib.Variant("(s)", (text,)))


def on_get(peer, sender, path, interface, name):
    return GLib.Variant("u", level)


def on_set(peer, sender, path, interface, name, value):
    """Tells of the change first."""
    global level
    level = value.unpack()
    changed = GLib.Variant("(sa{sv}as)", (interface, {name: value}, []))
    peer.emit_signal(
        None, path, "org.freedesktop.DBus.Properties", "PropertiesChanged", changed
    )
    return True


def on_signal(peer, sender, path, interface, signal, arguments):
    print(f"{interface}.{signal} at {path}: {arguments.unpack()[0]}", flush=True)


def on_connection(_, peer):
    peers.append(peer)
    calls, interop = Gio.DBusNodeInfo.new_for_xml(XML).interfaces
    peer.register_object("/calls", calls, on_call, on_get, on_set)
    peer.register_object("/dbus/testkit/Interop", interop, on_call, None, None)
    peer.signal_subscribe(
        None, "com.example.Heard1", None, None, None, Gio.DBusSignalFlags.NONE, on_signal
    )
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
