"""Goes so far with a server, says so, and then does nothing more until it is killed."""

import os
import socket
import sys
import time

path, stage = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX)
peer.connect(path)

IDENTITY = str(os.getuid()).encode().hex().encode()
HANDSHAKE = b"\0AUTH EXTERNAL " + IDENTITY + b"\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n"


def field(code, kind, text):
    return bytes([code, 1]) + kind + b"\0" + len(text).to_bytes(4, "little") + text + b"\0"


def pad(data, to=8):
    return data + bytes(-len(data) % to)


def message(member, serial, signature=b"", body=b""):
    fields = pad(field(1, b"o", b"/dbus/testkit/Interop"))
    fields += pad(field(2, b"s", b"dbus.testkit.Interop1"))
    fields += field(3, b"s", member)
    if signature:
        fields = pad(fields) + bytes([8, 1]) + b"g\0" + bytes([len(signature)]) + signature + b"\0"
    head = b"l\1\0\1" + len(body).to_bytes(4, "little") + serial.to_bytes(4, "little")
    return pad(head + len(fields).to_bytes(4, "little") + fields) + body


text = b"x" * 4_000_000
body = b"\1s\0\0" + len(text).to_bytes(4, "little") + text + b"\0"
ECHO = message(b"Echo", 1, b"v", body)

if stage == "connected":
    pass
elif stage == "handshake":
    peer.sendall(HANDSHAKE[:9])
elif stage == "header":
    peer.sendall(HANDSHAKE + message(b"WhoAmI", 1)[:20])
elif stage == "body":
    peer.sendall(HANDSHAKE + ECHO[:100_000])
elif stage == "call":
    ten_minutes = (600_000).to_bytes(4, "little")
    peer.sendall(HANDSHAKE + message(b"Sleep", 1, b"u", ten_minutes) + message(b"WhoAmI", 2))
    while b"EXTERNAL\0" not in peer.recv(4096):
        pass
elif stage == "reply":
    # Large answers that are never read: the server is in the middle of writing them.
    for _ in range(3):
        peer.sendall(HANDSHAKE + ECHO)
        HANDSHAKE = b""
elif stage == "idle":
    peer.sendall(HANDSHAKE + message(b"WhoAmI", 1))
    while b"EXTERNAL\0" not in peer.recv(4096):
        pass
else:
    sys.exit("no such stage: " + stage)
print("stuck", flush=True)
time.sleep(600)
