"""The walls of the house: who imports whom, how long a file is, what lies where."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHELL = ROOT / "pages" / "shell.py"
SCRIPTS = sorted((ROOT / "pages").glob("*.py"))
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
MODULES = sorted((ROOT / "core").rglob("*.py"))

TOP = frozenset("app.py pages core data tests requirements.txt README.md".split())
TOOLS = frozenset(
    "Makefile pyproject.toml .streamlit .ci benchmarks requirements.lock "
    "docs requirements-dev.txt requirements-dev.lock CHANGELOG.md SECURITY.md LICENSE "
    ".gitignore .gitattributes".split()
)
OPEN_TO_PAGES = frozenset({*sys.stdlib_module_names, "streamlit", "core", "pages"})
GRAB_BAGS = frozenset("utils util helpers helper common misc".split())

# Written apart, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    "|".join(
        rf"(?<![\w.~-])/{first}/{rest}"
        for first, rest in (
            ("work", "(main|shared|\\.library)"),
            ("tmp", "\\w"),
            ("root", "\\w"),
            ("home", "\\w"),
            ("Users", "\\w"),
            ("opt", "(pypi|wheels)"),
        )
    )
    + "|pypi"
    + r"\.org|files\.python"
    + "hosted"
)
PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def named(path: Path) -> str:
    """Name a file in a test's id: its path below the root."""
    return path.relative_to(ROOT).as_posix()


def tree() -> list[Path]:
    """List the files that git has or would take."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    names = filter(None, listing.stdout.split("\0"))
    return sorted(path for path in map(ROOT.joinpath, names) if path.is_file())


def lines_of(path: Path) -> list[str]:
    """Read the lines of a source file."""
    return path.read_text("utf-8").splitlines()


@functools.cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Parse a source file, once for all tests."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


@functools.cache
def imported(path: Path) -> set[str]:
    """Collect the full names of all modules that a file imports."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: relative import"
            module = node.module or ""
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def dotted(path: Path) -> str:
    """Give the import name of a module file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_after(modules: list[str], watched: list[str]) -> str:
    """Import modules in a fresh process; return which of the watched are loaded."""
    code = (
        f"import sys, {', '.join(modules)}\n"
        f"print(*[name for name in {watched} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_top_level_is_the_agreed_one() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tree()}
    assert found <= TOP | TOOLS


def test_what_the_product_imports_is_pinned() -> None:
    names = {
        n.split(".")[0] for path in [*MODULES, *PARTS, *SCRIPTS] for n in imported(path)
    }
    foreign = names - sys.stdlib_module_names - {"core", "pages"}
    owners = {
        name: {distribution.lower() for distribution in distributions}
        for name, distributions in metadata.packages_distributions().items()
    }
    pins = re.findall(r"^(\S+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    assert {name for name in foreign if not owners.get(name, set()) & {*pins}} == set()


def test_streamlit_finds_the_app() -> None:
    from streamlit.web.server.app_discovery import discover_asgi_app

    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_pages_only_compose(script: Path) -> None:
    names = imported(script)
    assert {name.split(".")[0] for name in names} <= OPEN_TO_PAGES
    assert all(name.startswith("pages.parts") for name in names if "pages" in name)
    assert len(lines_of(script)) <= 90


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_page_names_shadow_nothing(script: Path) -> None:
    assert importlib.util.find_spec(script.stem) is None


def test_every_page_is_in_the_navigation() -> None:
    shell = SHELL.read_text("utf-8")
    listed = re.findall(r'st\.Page\(\s*"([^"]+)"', shell)
    assert sorted(listed) == [path.name for path in SCRIPTS if path != SHELL]


def test_pages_has_no_pages_folder() -> None:
    assert not (ROOT / "pages" / "pages").exists()


def test_rooms_of_tests_are_no_packages() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_core_loads_no_screen() -> None:
    modules = [dotted(path) for path in MODULES]
    assert loaded_after(modules, ["streamlit", "altair", "pages"]) == ""


def test_core_without_reports_does_not_wait_for_pandas() -> None:
    late = ("core.reports", "core.exports", "core.job", "core.__main__")
    names = [dotted(path) for path in MODULES]
    assert loaded_after([n for n in names if not n.startswith(late)], ["pandas"]) == ""


def test_charts_load_no_streamlit() -> None:
    assert loaded_after(["pages.parts.charts"], ["streamlit"]) == ""


def test_cache_decorators_stand_in_one_module() -> None:
    users = [
        path for path in [*SCRIPTS, *PARTS] if "@st.cache" in path.read_text("utf-8")
    ]
    assert {path.name for path in users} <= {"cache.py"}


def test_modules_are_short_and_have_one_noun() -> None:
    modules = [*MODULES, *PARTS]
    assert [named(path) for path in modules if len(lines_of(path)) > 350] == []
    assert [named(path) for path in modules if path.stem in GRAB_BAGS] == []


def test_functions_are_short() -> None:
    long = {
        f"{named(path)}: {node.name}": lines
        for path in [*MODULES, *PARTS]
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := body_lines(node)) > 40
    }
    assert long == {}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring."""
    length = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return length
    docstring = function.body[0]
    return length - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def test_errors_are_caught_by_name() -> None:
    broad = [
        f"{named(path)}: line {node.lineno}"
        for path in [*MODULES, *PARTS, *SCRIPTS]
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler)
        and is_broad(node)
        and not passes_on(node)
    ]
    assert broad == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler catches faults of ours as well."""
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler only cleans up: it ends by raising the same again."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_no_plans_and_no_pictures_in_the_source() -> None:
    texts = {
        named(path): path.read_text("utf-8") for path in [*MODULES, *PARTS, *SCRIPTS]
    }
    plans = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [name for name, text in texts.items() if plans.search(text)] == []
    assert [name for name, text in texts.items() if PICTURES.search(text)] == []


def test_sql_stands_in_the_warehouse_only() -> None:
    rest = [
        path for path in [*MODULES, *PARTS, *SCRIPTS] if "warehouse" not in path.parts
    ]
    users = [p for p in rest if any(n.split(".")[0] == "duckdb" for n in imported(p))]
    assert [named(path) for path in users] == []


def test_tree_names_no_machine() -> None:
    found = []
    for path in tree():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8", "replace")
        found += [f"{named(path)}: {hit[0]}" for hit in MACHINE_PATHS.finditer(text)]
    assert found == []


def test_locks_hold_the_pinned_versions_with_hashes() -> None:
    pins = re.findall(r"^(\S+==\S+)$", (ROOT / "requirements.txt").read_text(), re.M)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        entries = re.findall(r"^([\w.-]+==[^\s;]+)", text, re.M)
        assert set(pins) <= set(entries)
        assert "://" not in text
        assert len(re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]) == len(entries)
        assert all(
            "--hash=sha256:" in e for e in re.split(r"^(?=\w)", text, flags=re.M)[1:]
        )


def test_readme_is_read_in_one_sitting() -> None:
    readme = ROOT / "README.md"
    assert not readme.exists() or len(lines_of(readme)) <= 120
