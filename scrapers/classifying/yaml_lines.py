"""YAML with line numbers, so that a complaint can say where. Text walks in; dicts and lists that know their lines walk out.

Only `loading` calls it. YAML 1.1 as PyYAML reads it; duplicate keys, which PyYAML would silently merge, are refused.
"""

from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(ValueError):
    """The text is no YAML we can use; the message says why. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Table(dict[str, Any]):
    """A mapping that remembers the line of each key."""

    line: int = 0

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A sequence that remembers the line of each of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read_yaml(text: str) -> Any:
    """The document in `text`: Table, Items or a scalar; None when there is none. Raises BadYaml."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _plain(node, loader)
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        raise BadYaml(str(why.problem or why.context), mark.line + 1 if mark else 1) from why
    except (yaml.YAMLError, ValueError) as why:
        if isinstance(why, BadYaml):
            raise
        raise BadYaml(str(why).splitlines()[0], 1) from why
    finally:
        loader.dispose()


def _plain(node: Any, loader: Any, depth: int = 0) -> Any:
    line = node.start_mark.line + 1
    if depth > 20:
        raise BadYaml("nested deeper than any topic file needs to be", line)
    if isinstance(node, yaml.MappingNode):
        return _table(node, loader, depth)
    if isinstance(node, yaml.SequenceNode):
        items = Items()
        for item in node.value:
            items.append(_plain(item, loader, depth + 1))
            items.lines.append(item.start_mark.line + 1)
        return items
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    return loader.construct_object(node)


def _table(node: Any, loader: Any, depth: int) -> Table:
    table = Table(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadYaml("a key must be a word", line)
        key = str(key_node.value)
        if key in table:
            raise BadYaml(f"{key!r} stands twice in the same place", line)
        table[key] = _plain(value_node, loader, depth + 1)
        table.lines[key] = line
    return table
