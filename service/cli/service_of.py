"""What every command stands on: settings from the environment, and the service built from them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from service.assembly import Service, assemble, configure_logging
from service.cli.output import wants_json
from service.runs.seeding import seed_if_missing
from service.settings import Settings, read_settings


def settings(context: typer.Context) -> Settings:
    """The operator's settings. Raises Unusable with every complaint at once."""
    read = read_settings(os.environ)
    configure_logging(read.log_level, as_json=wants_json(context))
    return read


@contextmanager
def service(context: typer.Context, *, quiet: bool = True) -> Iterator[Service]:
    """The service for one command, closed behind it. `quiet` keeps its log lines to warnings."""
    read = settings(context)
    if quiet and read.log_level == "info":
        configure_logging("warning", as_json=wants_json(context))
    built = assemble(read)
    try:
        seed_if_missing(built.archive, built.read_rules, read.seed_dir, now=built.clock())
        yield built
    finally:
        built.close()
