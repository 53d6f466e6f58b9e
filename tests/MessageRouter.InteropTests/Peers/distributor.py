"""A distributor of at-least-once links, written from PROTOCOL.md alone.

usage: distributor.py bind|connect ENDPOINT MESSAGES [--workers N] [--leaving N]
Gives numbered messages to its workers in turn, none more than its window, and those that a worker returns, fails on or
is silent about to another. Prints "worker NAME" for each that says hello, and at the end what it has heard, as JSON.
It begins when N workers are there, and keeps its last message until N are leaving.
"""
import argparse
import collections
import json
import signal
import struct
import sys
import time

import zmq

signal.alarm(1200)  # what a killed test run leaves behind ends by itself

HELLO, DONE, FAILED, RETURN, LEAVING, PING = 1, 2, 3, 4, 5, 6
WELCOME, MESSAGE, DISTRIBUTOR_PING = 0x81, 0x82, 0x86
SESSION = 0x1122334455667788
INTERVAL, TIMEOUT = 0.2, 2.0

arguments = argparse.ArgumentParser()
arguments.add_argument("side", choices=["bind", "connect"])
arguments.add_argument("endpoint")
arguments.add_argument("messages", type=int)
arguments.add_argument("--workers", type=int, default=1)
arguments.add_argument("--leaving", type=int, default=0)
options = arguments.parse_args()

context = zmq.Context()
socket = context.socket(zmq.ROUTER if options.side == "bind" else zmq.DEALER)
socket.set_hwm(0)
socket.setsockopt(zmq.RECONNECT_IVL, 20)
getattr(socket, options.side)(options.endpoint)


class Worker:
    def __init__(self, address, window):
        self.address = address
        self.window = window
        self.heard = time.monotonic()
        self.leaving = False
        self.tags = {}


workers = {}
waiting = collections.deque((n, 0) for n in range(1, options.messages + 1))
heard = collections.Counter()
reasons = collections.Counter()
next_tag = 1
began = False


def send(address, *frames):
    socket.send_multipart(([address] if options.side == "bind" else []) + list(frames))


def give(worker):
    global next_tag
    kept = 1 if heard["leaving"] < options.leaving else 0
    while len(waiting) > kept and not worker.leaving and len(worker.tags) < worker.window:
        n, redeliveries = waiting.popleft()
        word = struct.pack("!BQQI", MESSAGE, SESSION, next_tag, redeliveries) + b"%x-%d" % (SESSION, n)
        send(worker.address, word, b'{"n":%d}' % n)
        worker.tags[next_tag] = (n, redeliveries)
        next_tag += 1


def again(message):
    waiting.appendleft((message[0], message[1] + 1))


def hear(address, word):
    code, body = word[0], word[1:]
    if code == HELLO:
        version, window = struct.unpack("!BI", body[:5])
        assert version == 1
        workers[address] = Worker(address, window)
        print("worker " + body[5:].decode(), flush=True)
        send(address, struct.pack("!BBQII", WELCOME, 1, SESSION, int(INTERVAL * 1000), int(TIMEOUT * 1000)))
        return
    worker = workers.get(address)
    if not worker:
        return
    worker.heard = time.monotonic()
    if code in (DONE, RETURN):
        session, *tags = struct.unpack("!%dQ" % (len(body) // 8), body)
        assert session == SESSION and 1 <= len(tags) <= 1000
        for tag in tags:
            message = worker.tags.pop(tag)
            heard["done" if code == DONE else "returned"] += 1
            if code == RETURN:
                again(message)
    elif code == FAILED:
        session, tag = struct.unpack("!QQ", body[:16])
        assert session == SESSION
        heard["failed"] += 1
        reasons[body[16:].decode()] += 1
        worker.tags.pop(tag)
    elif code == LEAVING:
        heard["leaving"] += 1
        worker.leaving = True
    else:
        assert code == PING, code
        heard["pings"] += 1


pinged = time.monotonic()
while heard["done"] + heard["failed"] < options.messages:
    if socket.poll(50):
        frames = socket.recv_multipart()
        assert len(frames) == (2 if options.side == "bind" else 1), frames
        hear(frames[0] if options.side == "bind" else b"", frames[-1])
    now = time.monotonic()
    began = began or len(workers) >= options.workers
    for address, worker in list(workers.items()):
        if now - worker.heard > TIMEOUT:
            del workers[address]
            heard["silent"] += 1
            for message in worker.tags.values():
                again(message)
        elif began:
            give(worker)
    if now - pinged > INTERVAL:
        pinged = now
        for worker in workers.values():
            send(worker.address, bytes([DISTRIBUTOR_PING]))

print(json.dumps({**heard, "reasons": reasons}), flush=True)
while workers and sys.stdin.read(1):
    pass
context.destroy(linger=10_000)
