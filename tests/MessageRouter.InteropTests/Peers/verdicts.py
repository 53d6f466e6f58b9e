"""Shows what libzmq makes of bytes: has a PULL socket of its own for each input, and sends it over a plain connection.

Standard input: one input a line, in hexadecimal; an empty line has all those before it judged at once.
Standard output: a line each: "open" or "closed", then the messages that came, their frames in hexadecimal with a comma between them.
It ends with its input.
"""
import signal
import socket
import sys
import time

import zmq

signal.alarm(1200)  # what a killed test run leaves behind ends by itself

REST = 0.4  # seconds without anything new after which nothing more is expected
context = zmq.Context()


def judge(inputs):
    pulls, links = [], []
    for data in inputs:
        pull = context.socket(zmq.PULL)
        pull.setsockopt(zmq.LINGER, 0)
        pull.setsockopt(zmq.MAXMSGSIZE, 1000)
        port = pull.bind_to_random_port("tcp://127.0.0.1")
        link = socket.create_connection(("127.0.0.1", port))
        link.sendall(data[:64])
        pulls.append(pull)
        links.append(link)

    # libzmq refuses who goes on before having heard its greeting.
    time.sleep(REST)
    for data, link in zip(inputs, links):
        try:
            link.sendall(data[64:])
        except OSError:
            pass  # refused before the last byte
        link.setblocking(False)
    closed, messages = [False] * len(inputs), [[] for _ in inputs]
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < REST:
        for i, (pull, link) in enumerate(zip(pulls, links)):
            try:
                while True:
                    messages[i].append(",".join(frame.hex().upper() for frame in pull.recv_multipart(zmq.NOBLOCK)))
                    quiet_since = time.monotonic()
            except zmq.Again:
                pass
            try:
                while not closed[i]:
                    if not link.recv(4096):
                        closed[i] = True
                        quiet_since = time.monotonic()
            except BlockingIOError:
                pass
            except OSError:
                closed[i] = True
                quiet_since = time.monotonic()
        time.sleep(0.02)
    for i, (pull, link) in enumerate(zip(pulls, links)):
        print("closed" if closed[i] else "open", *(message or "-" for message in messages[i]))
        link.close()
        pull.close()
    sys.stdout.flush()


inputs = []
for line in sys.stdin:
    if line.strip():
        inputs.append(bytes.fromhex(line.strip()))
        continue
    judge(inputs)
    inputs = []
