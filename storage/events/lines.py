"""YAML that remembers its lines, for complaints that say where. Text walks in, mappings walk out: nothing is judged.

Only `storage.events` imports this module. Every scalar stays the text that was written: whoever reads a field knows better
than YAML 1.1 whether 2024-07 is a month and `no` a country.
"""

from typing import Any, TypeAlias

import yaml

Value: TypeAlias = "str | list[str] | Lined | None"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"


class Lined(dict[str, Value]):
    """A mapping that knows its file and on which line each of its keys stood."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class NotRead(ValueError):
    """The text is not YAML as files of events are written. `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def read_lined(text: str, *, file: str) -> Lined:
    """The mapping in `text`; an empty file is an empty one. Raises NotRead."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        raise NotRead(f"not YAML: {why.problem or why.context}", mark.line + 1 if mark else 1) from why
    except (yaml.YAMLError, RecursionError) as why:
        raise NotRead(f"not YAML: {str(why).splitlines()[0] if str(why) else 'nested too deeply'}", 1) from why
    if node is None:
        return Lined(file, 1)
    if not isinstance(node, yaml.MappingNode):
        raise NotRead("no sections stand here", node.start_mark.line + 1)
    return _mapping(node, file, depth=0)


def _mapping(node: yaml.MappingNode, file: str, depth: int) -> Lined:
    made = Lined(file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        if key in made:
            raise NotRead(f"'{key}' stands twice in the same place", line)
        made[key] = _value(value_node, file, depth + 1)
        made.lines[key] = line
    return made


def _value(node: yaml.Node, file: str, depth: int) -> Value:
    line = node.start_mark.line + 1
    if depth > 3:
        raise NotRead("nested deeper than any file of events needs to be", line)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file, depth)
    if isinstance(node, yaml.SequenceNode):
        if not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            raise NotRead("a list may hold words only", line)
        return [str(item.value) for item in node.value]
    return None if node.tag == _NULL else str(node.value)
