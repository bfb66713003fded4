"""A client whose socket has a name, and whose NUL comes with credentials from another process.

The process connects, and a child of it speaks. Whoever may, says that the child is somebody else.
"""

import os
import socket
import struct
import sys

peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
peer.bind(f"\0{os.urandom(8).hex()}/bus/python/{os.getpid()}")
peer.connect(sys.argv[1])
child = os.fork()
if child == 0:
    uid = 65534 if os.geteuid() == 0 else os.geteuid()
    credentials = struct.pack("3i", os.getpid(), uid, os.getegid())
    peer.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, credentials)])
    claim = str(os.geteuid()).encode().hex()
    peer.sendall(f"AUTH EXTERNAL {claim}\r\nBEGIN\r\n".encode())
    print(peer.recv(100).decode().strip(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
