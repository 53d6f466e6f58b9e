"""Many publishers in one process, each a socket that connects to the same subscriber.

usage: publishers.py ENDPOINT SOCKETS MESSAGES
Says "ready" when every one of them has seen the subscription, sends with the first line of input, ends with its end.
"""
import signal
import sys

import zmq

signal.alarm(1200)  # what a killed test run leaves behind ends by itself

endpoint, sockets, messages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
context = zmq.Context()
publishers = []
for _ in range(sockets):
    publisher = context.socket(zmq.XPUB)
    publisher.set_hwm(0)
    publisher.setsockopt(zmq.LINGER, 60_000)
    publisher.connect(endpoint)
    publishers.append(publisher)

for publisher in publishers:
    publisher.recv()
print("ready", file=sys.stderr, flush=True)

sys.stdin.readline()
for n in range(1, messages + 1):
    for p, publisher in enumerate(publishers):
        publisher.send(b'{"publisher":%d,"n":%d}' % (p, n))
print("sent", file=sys.stderr, flush=True)
sys.stdin.read()
