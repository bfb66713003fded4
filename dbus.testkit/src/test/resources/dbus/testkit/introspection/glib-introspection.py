"""Tells what GDBus reads in introspection data; a line of hexadecimal digits each way."""

import re
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib


def line(*words):
    text.append("".join(w.replace("\\", "\\\\").replace("\n", "\\n") + "|" for w in words) + "\n")


def annotations(info):
    for annotation in info.annotations:
        line("annotation", annotation.key, annotation.value)


def args(kind, infos):
    for arg in infos:
        # The names that GDBus makes up are numbered in its own way.
        line(kind, "arg_" if re.fullmatch(r"arg_\d+", arg.name) else arg.name, arg.signature)
        annotations(arg)


def node(info):
    line("node", "-" if info.path is None else info.path)
    annotations(info)
    for interface in info.interfaces:
        line("interface", interface.name)
        annotations(interface)
        for method in interface.methods:
            line("method", method.name)
            annotations(method)
            args("in", method.in_args)
            args("out", method.out_args)
        for signal in interface.signals:
            line("signal", signal.name)
            annotations(signal)
            args("arg", signal.args)
        for prop in interface.properties:
            readable = prop.flags & Gio.DBusPropertyInfoFlags.READABLE
            writable = prop.flags & Gio.DBusPropertyInfoFlags.WRITABLE
            line("property", prop.name, prop.signature,
                 ("r" if readable else "") + ("w" if writable else ""))
            annotations(prop)
    for child in info.nodes:
        node(child)
    line("end")


for question in sys.stdin:
    what, _, digits = question.strip().partition(" ")
    text = []
    try:
        info = Gio.DBusNodeInfo.new_for_xml(bytes.fromhex(digits).decode())
        if what == "generate":
            xml = GLib.String()
            info.generate_xml(0, xml)
            text.append(xml.str)
        else:
            node(info)
        print("".join(text).encode().hex(), flush=True)
    except GLib.Error:
        print("refused", flush=True)
