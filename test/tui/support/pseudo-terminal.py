"""Runs a program on a pseudo-terminal: COLUMNS ROWS PROGRAM ARGUMENT...

stdin: a JSON a line, {"keys": TEXT}, {"size": [COLUMNS, ROWS]} or {"signal": NUMBER}. stdout: the bytes that the terminal is sent. Ends as the program does.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # On Linux the master fails once nobody has the other side.
        return b""


def obey(line: bytes, terminal: int, child: int) -> None:
    command = json.loads(line)
    if "keys" in command:
        os.write(terminal, command["keys"].encode())
    elif "signal" in command:
        os.kill(child, command["signal"])
    else:
        resize(terminal, *command["size"])


def main() -> int:
    columns, rows, *program = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        resize(0, int(columns), int(rows))
        os.execvp(program[0], program)
    sources, rest = [terminal, 0], b""
    while True:
        for source in select.select(sources, [], [])[0]:
            data = read(source)
            if source == terminal:
                if not data:
                    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                os.write(1, data)
            elif not data:
                sources.remove(0)
            else:
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    obey(line, terminal, child)


sys.exit(main())
