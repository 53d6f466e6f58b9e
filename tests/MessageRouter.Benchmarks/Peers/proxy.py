"""Forwards messages with zmq.proxy: the loop in C of libzmq.

usage: proxy.py pull-push|sub-pub IN OUT [PUBLIC-KEY SECRET-KEY]
"""
import sys

import zmq

kind, source, target, *keys = sys.argv[1:]
context = zmq.Context()
front = context.socket(zmq.PULL if kind == "pull-push" else zmq.XSUB)
back = context.socket(zmq.PUSH if kind == "pull-push" else zmq.XPUB)
for socket in (front, back):
    socket.set_hwm(10000)
    if keys:
        socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in keys)
        socket.curve_server = True
front.bind(source)
back.bind(target)
zmq.proxy(front, back)
