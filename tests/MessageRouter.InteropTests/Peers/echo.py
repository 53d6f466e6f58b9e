"""A libzmq ROUTER or DEALER that sends back every message it gets.

usage: echo.py TYPE bind|connect ENDPOINT [--heartbeat MS] [--later SECONDS] [--curve-public=KEY --curve-secret=KEY --trust=KEY]
It ends with its input.
"""
import argparse
import os
import signal
import sys

import zmq

signal.alarm(1200)  # what a killed test run leaves behind ends by itself

arguments = argparse.ArgumentParser()
arguments.add_argument("type", choices=["ROUTER", "DEALER"])
arguments.add_argument("side", choices=["bind", "connect"])
arguments.add_argument("endpoint")
arguments.add_argument("--heartbeat", type=int, help="ask the peer so often, and give it up after twenty times that")
arguments.add_argument("--later", type=float, help="send the last message again when nothing has come for so long")
arguments.add_argument("--curve-public", metavar="KEY", help="speak CURVE with this and the secret key")
arguments.add_argument("--curve-secret", metavar="KEY")
arguments.add_argument("--trust", metavar="KEY", help="the public key of CURVE's server")
options = arguments.parse_args()

context = zmq.Context()
socket = context.socket(getattr(zmq, options.type))
socket.setsockopt(zmq.RECONNECT_IVL, 20)
if options.heartbeat:
    socket.setsockopt(zmq.HEARTBEAT_IVL, options.heartbeat)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 20 * options.heartbeat)
if options.curve_public:
    socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in (options.curve_public, options.curve_secret))
    socket.curve_serverkey = options.trust.encode()
getattr(socket, options.side)(options.endpoint)
print("ready", flush=True)

poller = zmq.Poller()
poller.register(sys.stdin.fileno(), zmq.POLLIN)
poller.register(socket, zmq.POLLIN)
last = None
while True:
    ready = dict(poller.poll(options.later and options.later * 1000))
    if socket in ready:
        last = socket.recv_multipart()
        socket.send_multipart(last)
    elif sys.stdin.fileno() in ready:
        if not os.read(sys.stdin.fileno(), 1 << 16):
            break
    elif last:
        socket.send_multipart(last)

context.destroy(linger=10_000)
