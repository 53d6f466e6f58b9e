"""One libzmq socket.

Standard input, a line each:
  ["frame", {"hex": "00ff"}, {"repeat": "x", "times": 1000}]   send one message of these frames
  {"flood": 1000, "size": 100, "until_full": false}            send numbered messages as fast as possible; "broken": true for no JSON
  "count"                                                      print how many messages have come
Standard output: the frames of each message received, as a JSON array (not with --quiet).
Standard error: what happens at the socket (listening, handshake, disconnected, subscribe PREFIX, sent N).
It ends with its input.
"""
import argparse
import hashlib
import json
import os
import signal
import sys
import time

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils.monitor import recv_monitor_message

signal.alarm(1200)  # what a killed test run leaves behind ends by itself

arguments = argparse.ArgumentParser()
arguments.add_argument("type")
arguments.add_argument("side", choices=["bind", "connect"])
arguments.add_argument("endpoint")
arguments.add_argument("--subscribe", action="append")
arguments.add_argument("--hwm", type=int, default=0)
arguments.add_argument("--pause", type=float, default=0, help="seconds to rest after each message")
arguments.add_argument("--quiet", action="store_true")
arguments.add_argument("--heartbeat", type=int, help="ask the peer every so many milliseconds whether it is there, and give it up after twenty times that")
arguments.add_argument("--curve-public", metavar="KEY", help="speak CURVE with this and the secret key, as the server unless there is --trust")
arguments.add_argument("--curve-secret", metavar="KEY")
arguments.add_argument("--trust", metavar="KEY", help="be CURVE's client, of the server with this public key")
arguments.add_argument("--certificate", metavar="FILE", help="the same with the keys of a file of czmq's")
arguments.add_argument("--trust-certificate", metavar="FILE")
arguments.add_argument("--allow", metavar="DIR", help="as a server let in who has one of these public certificates")
arguments.add_argument("--plain", metavar="USER:PASSWORD", help="speak PLAIN, as the server with --users")
arguments.add_argument("--users", action="store_true")
options = arguments.parse_args()

EVENTS = {
    zmq.EVENT_LISTENING: "listening",
    zmq.EVENT_HANDSHAKE_SUCCEEDED: "handshake",
    zmq.EVENT_DISCONNECTED: "disconnected",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "handshake failed",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "handshake failed",
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "not let in",
}

context = zmq.Context()
socket = context.socket(getattr(zmq, options.type))
socket.set_hwm(options.hwm)
socket.setsockopt(zmq.RECONNECT_IVL, 20)
socket.setsockopt(zmq.LINGER, 60_000)
if options.heartbeat:
    socket.setsockopt(zmq.HEARTBEAT_IVL, options.heartbeat)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 20 * options.heartbeat)
authenticator = None
if options.allow or options.users:
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
if options.allow:
    authenticator.configure_curve(domain="*", location=options.allow)
if options.certificate:
    options.curve_public, options.curve_secret = (key.decode() for key in zmq.auth.load_certificate(options.certificate))
    if options.trust_certificate:
        options.trust = zmq.auth.load_certificate(options.trust_certificate)[0].decode()
if options.plain:
    user, password = options.plain.split(":")
    if options.users:
        authenticator.configure_plain(domain="*", passwords={user: password})
        socket.plain_server = True
    else:
        socket.plain_username, socket.plain_password = user.encode(), password.encode()
if options.curve_public:
    socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in (options.curve_public, options.curve_secret))
    if options.trust:
        socket.curve_serverkey = options.trust.encode()
    else:
        socket.curve_server = True
if options.type == "SUB":
    for prefix in options.subscribe or [""]:
        socket.setsockopt(zmq.SUBSCRIBE, prefix.encode())
if options.type == "XPUB":
    socket.setsockopt(zmq.XPUB_VERBOSE, 1)
monitor = socket.get_monitor_socket()
getattr(socket, options.side)(options.endpoint)
receives = options.type in ("SUB", "PULL", "XPUB")
received = 0


def report(text):
    print(text, file=sys.stderr, flush=True)


def frame(spec):
    if isinstance(spec, str):
        return spec.encode()
    if "hex" in spec:
        return bytes.fromhex(spec["hex"])
    return spec["repeat"].encode() * spec["times"]


def shown(data):
    if len(data) <= 1000:
        try:
            return data.decode()
        except UnicodeDecodeError:
            return "hex:" + data.hex()
    return f"{len(data)} bytes sha256:{hashlib.sha256(data).hexdigest()}"


def flood(count, size=0, until_full=False, broken=False):
    for n in range(1, count + 1):
        text = b'{"n":%d' % n
        if size > len(text) + 10:
            text += b',"pad":"' + b"x" * (size - len(text) - 10) + b'"'
        if until_full and not socket.poll(1000, zmq.POLLOUT):
            return n - 1
        socket.send(text + (b"" if broken else b"}"))
    return count


def obey(line):
    command = json.loads(line)
    if isinstance(command, list):
        socket.send_multipart([frame(spec) for spec in command])
    elif command == "count":
        print(f"received {received}", flush=True)
    else:
        report(f"sent {flood(command['flood'], command.get('size', 0), command.get('until_full', False), command.get('broken', False))}")


def receive():
    global received
    for _ in range(1000):
        try:
            frames = socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return
        if options.type == "XPUB":
            report(("subscribe " if frames[0][:1] == b"\x01" else "unsubscribe ") + frames[0][1:].decode())
            continue
        received += 1
        if not options.quiet:
            print(json.dumps([shown(data) for data in frames], ensure_ascii=False), flush=True)
        if options.pause:
            time.sleep(options.pause)
            return


poller = zmq.Poller()
poller.register(sys.stdin.fileno(), zmq.POLLIN)
poller.register(monitor, zmq.POLLIN)
if receives:
    poller.register(socket, zmq.POLLIN)

pending = b""
while True:
    ready = dict(poller.poll())
    if monitor in ready:
        event = recv_monitor_message(monitor)["event"]
        if event in EVENTS:
            report(EVENTS[event])
    if socket in ready:
        receive()
    if sys.stdin.fileno() in ready:
        block = os.read(sys.stdin.fileno(), 1 << 20)
        if not block:
            break
        *lines, pending = (pending + block).split(b"\n")
        for line in lines:
            obey(line)

socket.disable_monitor()
if authenticator:
    authenticator.stop()
context.destroy(linger=60_000)
