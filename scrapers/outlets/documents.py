"""Turn the text of an outlet file into mappings that remember their lines. Text walks in, mappings walk out: nothing is judged.

Only `scrapers/outlets` imports this module. Every scalar stays the text that was written: YAML would read the country code NO
as "false" and an id of digits as a number, and whoever reads a field knows better what it should be.
"""

from typing import Any, TypeAlias

import yaml

from scrapers.outlets.complaints import Complaint

Value: TypeAlias = "str | list[Value] | Lined | None"

#: The parser written in C where PyYAML has it: reading all shipped files takes a tenth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"


class Lined(dict[str, Value]):
    """A mapping that knows on which line each of its keys stood, and which keys stood there twice."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.twice: list[str] = []

    def over(self, other: "Lined") -> "Lined":
        """This mapping laid over `other`: what is given here wins, what is not stays as it was."""
        both = Lined(self.line)
        both.update({**other, **self})
        both.lines = {**dict.fromkeys(other, self.line), **self.lines}
        both.twice = self.twice
        return both


def read_documents(text: str, *, file: str, complaints: list[Complaint]) -> list[Lined]:
    """The outlets of one file: a mapping is one outlet, a list several, so is a mapping with `outlets:`, so are documents
    divided by `---`. What is no YAML, or no mapping, becomes a complaint."""
    try:
        roots = [_value(node) for node in yaml.compose_all(text, Loader=_LOADER) if node is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        complaints.append(
            Complaint(file, line, what=f"not YAML: {error.problem}", remedy="correct the line or the one above it")
        )
        return []
    except (yaml.YAMLError, RecursionError) as error:
        what = str(error).splitlines()[0] if str(error) else "nested too deeply"
        complaints.append(
            Complaint(file, 1, what=f"not YAML: {what}", remedy="write it as the shipped outlet files are written")
        )
        return []
    return [outlet for root in roots for outlet in _outlets(root, file, complaints)]


def _outlets(root: Value, file: str, complaints: list[Complaint]) -> list[Lined]:
    listed = root["outlets"] if isinstance(root, Lined) and "outlets" in root else root
    if listed is None:
        return []
    found = listed if isinstance(listed, list) else [listed]
    wrong = [item for item in found if not isinstance(item, Lined)]
    if wrong:
        remedy = "begin each outlet with `id:` and write its fields below it"
        complaints.append(Complaint(file, 1, what=f"{shown(wrong[0])} stands where an outlet should", remedy=remedy))
    return [item for item in found if isinstance(item, Lined)]


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.MappingNode):
        return _lined(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return None if node.tag == _NULL else str(node.value)


def _lined(node: yaml.MappingNode) -> Lined:
    made = Lined(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in made:
            made.twice.append(key)
        made[key] = _value(value_node)
        made.lines[key] = key_node.start_mark.line + 1
    return made


def shown(value: Value) -> str:
    """How a value is named to people: short, and by its shape where it is no text."""
    if isinstance(value, Lined):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
