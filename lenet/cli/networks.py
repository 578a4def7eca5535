"""`lenet networks`: the networks there are, or the layers of one."""

import argparse
from dataclasses import asdict

from lenet import networks
from lenet.cli.options import Commands, add_command, add_json, help_text
from lenet.cli.output import Table, print_json, say
from lenet.networks.plan import Step
from lenet.runs import models
from lenet.texts import Message

LAYER_COLUMNS = ("layer", "output", "kernel", "stride", "padding", "parameters", "connections", "macs", "field")


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "networks", run)
    about = help_text("cli.networks.name")
    parser.add_argument("name", nargs="?", choices=[*networks.REGISTRY], metavar="NAME", help=about)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """List all networks, or the layers of the one named."""
    if options.name:
        _print_layers(networks.entry(options.name).plan.steps, options.json)
        return 0
    for name in networks.REGISTRY:
        figures = models.summary(name)
        if options.json:
            print_json(name=name, **figures)
        else:
            _print_network(name, figures)
    return 0


def _print_network(name: str, figures: dict[str, object]) -> None:
    accuracy = figures["accuracy"]
    tested = Message("cli.networks.not_pretrained" if accuracy is None else "cli.networks.accuracy", figures)
    say("cli.networks.row", **{**figures, "name": name, "input": _by(figures["input"]), "tested": tested})


def _print_layers(layers: tuple[Step, ...], as_json: bool) -> None:
    if as_json:
        for layer in layers:
            print_json(**asdict(layer))
        return
    table = Table(*LAYER_COLUMNS, first=max(len(layer.name) for layer in layers))
    table.print_titles()
    for layer in layers:
        window = [layer.kernel, layer.stride, layer.padding] if layer.kernel else [""] * 3
        counts = [f"{count:,}" for count in (layer.parameters, layer.connections, layer.macs)]
        field = f"{layer.receptive_field.size:g}"
        table.print_row([layer.name, _by(layer.output), *window, *counts, f"{field}x{field}"])
    parameters, connections = (sum(getattr(layer, what) for layer in layers) for what in ("parameters", "connections"))
    say("cli.networks.total", parameters=parameters, connections=connections)


def _by(shape: object) -> str:
    assert isinstance(shape, list | tuple)
    return "x".join(map(str, shape))
