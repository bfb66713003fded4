"""A thousand calls on a hundred connections at once, through GLib's GDBus."""

import sys

from gi.repository import Gio, GLib

CONNECTIONS = 100
CALLS = 10

loop = GLib.MainLoop()
peers = [
    Gio.DBusConnection.new_for_address_sync(
        sys.argv[1], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT, None, None
    )
    for _ in range(CONNECTIONS)
]
answers = {}


def on_answer(peer, result, key):
    answers[key] = peer.call_finish(result).unpack()[0]
    if len(answers) == CONNECTIONS * CALLS:
        loop.quit()


for c in range(CALLS):
    for p, peer in enumerate(peers):
        peer.call(
            None, "/dbus/testkit/Interop", "dbus.testkit.Interop1", "Sum",
            GLib.Variant("(ai)", ([p, c, 1000],)), None, Gio.DBusCallFlags.NONE, 60_000, None,
            on_answer, (p, c),
        )
loop.run()
assert answers == {(p, c): p + c + 1000 for p in range(CONNECTIONS) for c in range(CALLS)}
print(len(answers), "answered")
