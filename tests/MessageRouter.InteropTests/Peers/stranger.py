"""A stranger who connects to a port again and again, as fast as he can, and says nothing.

usage: stranger.py PORT CONNECTIONS
Each connection is given up when the other side has said something or has ended it. Says "done" at the end.
"""
import socket
import sys
import threading

port, connections = int(sys.argv[1]), int(sys.argv[2])
hands = 32


def knock(times):
    for _ in range(times):
        with socket.socket() as door:
            door.settimeout(600)  # what a killed test run leaves behind ends by itself
            try:
                door.connect(("127.0.0.1", port))
                door.recv(1)
            except ConnectionError:
                pass


threads = [threading.Thread(target=knock, args=(connections // hands,)) for _ in range(hands)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done", file=sys.stderr, flush=True)
