"""The command line of the local platform."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys

from eocenter.local.run import run_platform
from eocenter.local.servers import ServerError
from eocenter.local.state import lend_servers
from eocenter.local.texts import compile_texts


def parse(arguments):
    parser = argparse.ArgumentParser(prog="python -m eocenter.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything and serve until Ctrl-C")
    lending = commands.add_parser("with", help="run a command with the servers started for it")
    lending.add_argument("--data", choices=["run", "test", "bench"], default="run", help="whose data the command sees")
    lending.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser.parse_args(arguments)


def stop_like_ctrl_c(number, frame):
    raise KeyboardInterrupt


def run_lent(data, words):
    with lend_servers(data) as environment:
        child = subprocess.Popen(words, env=environment)
        while True:
            # The terminal sends Ctrl-C to the command too; it ends as it likes, and then the servers stop.
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def main(arguments):
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_like_ctrl_c)
    options = parse(arguments)
    compile_texts()
    try:
        return run_platform() if options.command == "run" else run_lent(options.data, options.words)
    except ServerError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    os.environ.setdefault("EOC_MODE", "local")
    sys.exit(main(sys.argv[1:]))
