"""Every command explains itself and fails in one line."""

import click
import pytest


def commands(group, path=()):
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


FLASKS_OWN = {"run", "shell", "routes", "db"}


def test_every_command_has_help(app):
    for path, command in commands(app.cli):
        if path[0] not in FLASKS_OWN:
            assert command.help, f"flask {' '.join(path)} has no help"
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    assert parameter.help, f"flask {' '.join(path)} {parameter.opts[0]} has no help"


def test_wrong_usage_exits_with_2(app):
    runner = app.test_cli_runner()
    for path, _ in commands(app.cli):
        if path[0] not in FLASKS_OWN:
            result = runner.invoke(args=[*path, "--no-such-option"])
            assert result.exit_code == 2, path


@pytest.mark.parametrize(
    "command", [["users", "reset", "ingen@eksempel.example"], ["plan", "show", "--plan", "999"]]
)
def test_an_error_is_one_line_on_standard_error(app, command):
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert not result.stdout
