"""An object of a server of GLib's GDBus, for the commands that call, emit and monitor.

Prints its address with its guid, and a line for each signal that a peer emits.
"""

import sys

from gi.repository import Gio, GLib

XML = """
<node>
  <interface name="com.example.Calls1">
    <method name="Show">
      <arg type="u" direction="in"/><arg type="a{sv}" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="out"/><arg type="q" direction="out"/>
    </method>
    <method name="Fail"/>
    <method name="Tick"><arg type="s" direction="in"/></method>
    <signal name="Ticked"><arg type="s"/></signal>
  </interface>
</node>
"""

address, mechanism = sys.argv[1:]
peers = []


def on_call(connection, sender, path, interface, method, arguments, invocation):
    if method == "Show":
        invocation.return_value(GLib.Variant("(sq)", (arguments.print_(True), 7)))
    elif method == "Fail":
        invocation.return_dbus_error("com.example.Error.Full", "no room")
    else:
        for peer in peers:
            peer.emit_signal(None, path, interface, "Ticked", arguments)
        invocation.return_value(None)


def on_signal(connection, sender, path, interface, signal, arguments):
    print(f"{interface}.{signal} at {path}: {arguments.print_(True)}", flush=True)


def on_connection(_, peer):
    peers.append(peer)
    interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
    peer.register_object("/calls", interface, on_call, None, None)
    peer.signal_subscribe(
        None, "com.example.Heard1", None, None, None, Gio.DBusSignalFlags.NONE, on_signal
    )
    peer.connect("closed", lambda *_: peers.remove(peer))
    return True


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
server.connect("new-connection", on_connection)
server.start()
print(f"{server.get_client_address()},guid={server.get_guid()}", flush=True)
GLib.MainLoop().run()
