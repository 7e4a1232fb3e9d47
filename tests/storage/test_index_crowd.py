"""The index among processes: killed while it is written it is whole again at the next start; many read while one writes."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 12


def test_killed_at_any_moment_the_index_is_whole_and_many_read_while_one_writes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.storage.killing", str(tmp_path / "index"), str(ROUNDS)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    caught_up = re.findall(r"^catch_up \d+ (\d+) 2000$", ended.stdout, re.MULTILINE)
    rebuilt = re.findall(r"^rebuild \d+ 2000 2000$", ended.stdout, re.MULTILINE)
    assert (len(caught_up), len(rebuilt)) == (ROUNDS // 2, ROUNDS // 2), ended.stdout
    assert {int(before) % 500 for before in caught_up} == {0}, "what a commit holds it holds whole"
