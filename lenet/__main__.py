"""`python -m lenet`, the same as the command `lenet`."""

from lenet.cli.main import entry

entry()
