"""Runs a command in a terminal of its own: what it shows is printed with its escapes readable, a picture's line each; what is told line by line
is done: `keys TEXT` with Python's escapes, `size COLUMNSxLINES`, `signal NUMBER`. At the end: how it ended, and whether the terminal is as it was."""
import fcntl, os, pty, select, signal, struct, sys, termios

columns, lines = map(int, sys.argv[1].split("x"))
terminal, side = pty.openpty()


def resize(columns, lines):
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


resize(columns, lines)
before = termios.tcgetattr(side)
process = os.fork()
if process == 0:
    os.setsid()
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(side, descriptor)
    os.closerange(3, 100)
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[2], sys.argv[2:])

commands, shown, told = b"", b"", ""
status = None
while status is None:
    ready, _, _ = select.select([terminal, 0] if commands is not None else [terminal], [], [], 0.05)
    if terminal in ready:
        shown += os.read(terminal, 65536)
        *whole, shown = shown.split(b"\n")
        for line in whole:
            print(line.decode(errors="replace").replace("\x1b", "^[").rstrip("\r"), flush=True)
    if 0 in ready:
        chunk = os.read(0, 4096)
        if not chunk:
            commands = None
            continue
        *whole, commands = (commands + chunk).split(b"\n")
        for line in whole:
            what, _, text = line.decode().partition(" ")
            if what == "keys":
                os.write(terminal, text.encode().decode("unicode_escape").encode("latin1"))
            elif what == "size":
                resize(*map(int, text.split("x")))
            elif what == "signal":
                os.kill(process, int(text))
    if not ready:
        ended, waited = os.waitpid(process, os.WNOHANG)
        if ended:
            status = os.waitstatus_to_exitcode(waited)

print(shown.decode(errors="replace").replace("\x1b", "^["), flush=True)
print(f"ended {status} restored {termios.tcgetattr(side) == before}", flush=True)
