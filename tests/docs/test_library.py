"""The page on the library is true: its examples run, and a strict type checker has nothing to say to them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import stemcheck
from tests.cli.conftest import registry  # noqa: F401 (a fixture)
from tests.conftest import PROJECT
from tests.standin import StandIn

PAGES = (PROJECT / "docs" / "library.md", PROJECT / "docs" / "programs.md")
EXAMPLES = [
    text
    for page in PAGES
    for text in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]


def test_examples_pass_a_strict_type_checker(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    names = []
    for number, text in enumerate(EXAMPLES):
        path = tmp_path / f"example_{number}.py"
        path.write_text(text, encoding="utf-8")
        names.append(str(path))
    settings = tmp_path / "mypy.ini"
    settings.write_text(
        "[mypy]\nstrict = true\nplugins = pydantic.mypy\n[mypy-dask.*]\nignore_missing_imports = true\n"
        "disallow_any_unimported = false\nignore_errors = true\n[mypy-example_3]\n"
        "disallow_untyped_calls = false\nwarn_return_any = false\n",
        encoding="utf-8",
    )
    cache = PROJECT / ".mypy_cache"
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", settings, "--cache-dir", cache, *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("text", [text for text in EXAMPLES if "dask" not in text])
def test_examples_run(
    text: str,
    registry: StandIn,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    exec(text.replace("NCT04506073", "NCT90000026"), {"__name__": "example"})
    assert capsys.readouterr().out


def test_the_recipe_for_dask_reads_what_one_process_reads(tmp_path: Path) -> None:
    (recipe,) = (text for text in EXAMPLES if "dask" in text)
    (tmp_path / "recipe.py").write_text(recipe, encoding="utf-8")
    lines = (PROJECT / "fixtures" / "shapes" / "records.jsonl").read_text("utf-8").splitlines(True)
    (tmp_path / "records-1.jsonl").write_text("".join(lines[:20]), encoding="utf-8")
    (tmp_path / "records-2.jsonl").write_text("".join(lines[20:]), encoding="utf-8")
    subprocess.run([sys.executable, "recipe.py"], check=True, cwd=tmp_path, capture_output=True)
    found = [
        json.loads(line)
        for path in sorted(tmp_path.glob("read-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    assert found == [one.model_dump(mode="json") for one in stemcheck.read_many(lines)]
