"""Run the command line: `python -m lenet` is the same as `lenet`."""

from lenet.cli.main import entry

entry()
