"""The import rules that CONTRIBUTING.md states are the import rules that hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "alexnet_tutor"
FILES = sorted(PACKAGE.rglob("*.py"))
PLOTS = {"alexnet_tutor.show.plots", "alexnet_tutor.show.class_plots"}
HEAVY = {"torch", "torchvision", "matplotlib", "torchsummary", "safetensors"}


def rules() -> tuple[set[str], dict[str, set[str]]]:
    """(the ground, room → rooms it may import) from the table in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\S+) \| (.*?) \| (.*?) ?\|$", text, flags=re.MULTILINE)
    ground: set[str] = set()
    allowed: dict[str, set[str]] = {}
    for room, what, may in table:
        if room == "ground":
            ground = set(re.findall(r"`([^`]*)`", what)[0].split())
        elif room.startswith("`"):
            allowed[room.strip("`")] = {
                word for part in re.findall(r"`([^`]*)`", may) for word in part.split()
            }
    for room, _, may in table:
        if "everything" in may:
            allowed[room.strip("`")] = set(allowed)
    return ground, allowed


GROUND, ALLOWED = rules()


def room_of(module: str) -> str:
    """``layers`` for ``alexnet_tutor.layers.conv1``."""
    return module.split(".")[1] if "." in module else "alexnet_tutor"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, *, top_only: bool = False) -> Iterator[str]:
    """Every module that is imported; with ``top_only`` just what loading the file loads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            yield from (
                f"{node.module}.{alias.name}"
                if node.module == "alexnet_tutor"
                else str(node.module)
                for alias in node.names
            )
        elif not (top_only and _runs_later(node)):
            yield from imports(node, top_only=top_only)


def _runs_later(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.dump(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_table_names_every_room_and_no_other() -> None:
    rooms = {room_of(module_of(path)) for path in FILES} - {"alexnet_tutor", "__main__"}
    assert rooms == GROUND | set(ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_room_imports_only_what_the_table_allows(path: Path) -> None:
    room = room_of(module_of(path))
    if room in ("alexnet_tutor", "__main__"):
        return
    allowed = GROUND | {room} | (set() if room in GROUND else ALLOWED[room])
    used = {room_of(name) for name in imports(tree_of(path)) if name.startswith("alexnet_tutor.")}
    assert used - allowed - {"__version__"} == set()


@pytest.mark.parametrize("path", sorted((PACKAGE / "layers").glob("[!_]*.py")), ids=module_of)
def test_layers_never_import_one_another(path: Path) -> None:
    prefix = "alexnet_tutor.layers."
    used = {n.removeprefix(prefix) for n in imports(tree_of(path)) if n.startswith(prefix)}
    shared = {"base", "convolution"} if re.match(r"conv\d", path.stem) else {"base"}
    assert used <= shared


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_their_rooms_know_typer_rich_and_matplotlib(path: Path) -> None:
    module = module_of(path)
    used = {name.split(".")[0] for name in imports(tree_of(path))}
    assert "click" not in used
    if room_of(module) != "cli":
        assert "typer" not in used
        if not module.startswith(("alexnet_tutor.show.terminal", "alexnet_tutor.show.walk")):
            assert "rich" not in used
    if not module.startswith("alexnet_tutor.show.walk"):
        assert "textual" not in used
    if module not in PLOTS:
        assert "matplotlib" not in used
    if room_of(module) == "show":
        assert not used & (HEAVY - {"matplotlib"})


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_the_ground_show_and_cli_load_nothing_heavy_at_their_top(path: Path) -> None:
    room = room_of(module_of(path))
    if room not in GROUND | {"cli", "show", "alexnet_tutor", "__main__"}:
        return
    used = {name.split(".")[0] for name in imports(tree_of(path), top_only=True)}
    assert not used & (HEAVY - ({"matplotlib"} if module_of(path) in PLOTS else set()))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_the_output_prints(path: Path) -> None:
    if module_of(path) == "alexnet_tutor.cli.output":
        return
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


RANDOM_FUNCTIONS = {"rand", "randn", "randint", "randperm", "bernoulli", "normal", "multinomial"}
RANDOM_METHODS = {"normal_", "bernoulli_", "uniform_", "random_", "exponential_"}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_nothing_draws_from_a_global_random_generator(path: Path) -> None:
    tree = tree_of(path)
    assert "random" not in set(imports(tree))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not isinstance(call.func, ast.Attribute):
            continue
        owner, name = ast.unparse(call.func.value), call.func.attr
        assert (owner, name) != ("torch", "manual_seed")
        if owner == "np.random":
            assert name in {"Generator", "PCG64", "default_rng"}
        elif (owner == "torch" and name in RANDOM_FUNCTIONS) or name in RANDOM_METHODS:
            assert "generator" in {keyword.arg for keyword in call.keywords}, ast.unparse(call)


def loaded_by(arguments: list[str], **environment: str) -> set[str]:
    """The top-level modules that a command loads, in a process of its own."""
    code = (
        "import sys\nfrom alexnet_tutor.cli.app import main\n"
        f"sys.argv = ['tutor', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\nLOADED', *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stdout.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["train", "--help"], ["trace", "--help"], ["walk", "--help"], ["--version"]],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded_by(arguments) & (HEAVY | {"PIL", "textual"})


def test_trace_loads_no_torchvision() -> None:
    assert not loaded_by(["trace", "--weights", "none"]) & {
        "torchvision",
        "matplotlib",
        "torchsummary",
        "textual",
    }


def test_every_file_is_short_and_says_what_it_is() -> None:
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 300, f"{module_of(path)} has {len(lines)} lines"
        assert ast.get_docstring(tree_of(path)), f"{module_of(path)} does not say what it is"
