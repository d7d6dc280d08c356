"""Hostile and broken submissions: each is told by name, with its line, and the other function runs."""

from __future__ import annotations

import textwrap
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from thorough import only

from alexnet_tutor.course import apart
from alexnet_tutor.course.apart import ask
from alexnet_tutor.course.calls import Answers, Call, Limits
from alexnet_tutor.course.judge import trouble_of
from alexnet_tutor.records import TROUBLES, Trouble

QUICK = Limits(silence=1.0, total=2.0, memory=300_000_000, printed=1_000_000)
GOOD = "\n\ndef good(a):\n    return a + 1\n"


@dataclass(frozen=True)
class Hostile:
    """A file whose ``bad(a)`` misbehaves.

    Attributes:
        trouble: the name it must get.
        line: the text of the line that must be named, or "" where there is none.
        whole: nothing in the file can run, so that ``good`` gets the same trouble.
    """

    code: str
    trouble: str
    line: str = ""
    whole: bool = False


def body(*lines: str, head: str = "") -> str:
    return f"{head}\n\ndef bad(a):\n" + textwrap.indent("\n".join(lines), "    ")


HOSTILE = {
    "endless loop": Hostile(body("while True: a = -a"), "endless", "while True: a = -a"),
    "endless loop under a bare except": Hostile(
        body("while True:", "    try:", "        a = -a", "    except:", "        pass"), "endless"
    ),
    "endless call in C": Hostile(
        body("from itertools import count", "return sum(count())"), "endless", "return sum(count())"
    ),
    "sleeps": Hostile(body("time.sleep(60)", head="import time"), "endless", "time.sleep(60)"),
    "os._exit": Hostile(body("os._exit(0)", head="import os"), "exit", "os._exit(0)"),
    "sys.exit": Hostile(body("sys.exit(0)", head="import sys"), "exit", "sys.exit(0)"),
    "kills itself": Hostile(
        body("signal.raise_signal(signal.SIGKILL)", head="import signal"), "crash"
    ),
    "huge list": Hostile(body("return [0] * 10**10"), "memory", "return [0] * 10**10"),
    "growing list": Hostile(
        body("kept = []", "while True:", "    kept.append(bytes(10_000_000))"), "memory"
    ),
    "prints without end": Hostile(
        body("while True:", "    print('x' * 1000)"), "printing", "print('x' * 1000)"
    ),
    "input": Hostile(body("return int(input())"), "input", "return int(input())"),
    "input under a bare except": Hostile(
        body("try:", "    input()", "except:", "    return a + 1"), "input", "input()"
    ),
    "reads elsewhere": Hostile(
        body("return len(open('/nowhere/secret').read())"), "file", "return len(open('/nowhere/secret').read())"
    ),
    "writes elsewhere": Hostile(
        body("open(__file__, 'w').write('')", "return a"), "file", "open(__file__, 'w').write('')"
    ),
    "deletes": Hostile(body("os.remove(__file__)", head="import os"), "file", "os.remove(__file__)"),
    "forks": Hostile(body("os.fork()", "return a", head="import os"), "process", "os.fork()"),
    "runs a command": Hostile(
        body("os.system('true')", "return a", head="import os"), "process", "os.system('true')"
    ),
    "goes to the network": Hostile(
        body("socket.create_connection(('127.0.0.1', 9))", head="import socket"), "network"
    ),
    "leaves a thread": Hostile(
        body(
            "threading.Thread(target=time.sleep, args=(60,)).start()", "return a",
            head="import threading, time",
        ),
        "thread",
    ),
    "patches Python": Hostile(
        body("math.sqrt = abs", "builtins.sum = max", "return a", head="import builtins, math"),
        "patched",
    ),
    "writes to every file descriptor": Hostile(
        body(
            "for n in range(3, 20):", "    try:", "        os.write(n, b'x' * 99)",
            "    except OSError:", "        pass", "return a", head="import os",
        ),
        "channel",
    ),
    "closes every file descriptor": Hostile(
        body("os.closerange(3, 50)", "return a", head="import os"), "exit"
    ),
    "looks at the kit": Hostile(
        body("import alexnet_tutor.layers.lrn", "return a"), "kit", "import alexnet_tutor.layers.lrn"
    ),
    "reads the solution": Hostile(
        body(
            "kit = sys.modules['alexnet_tutor'].__path__[0]",
            "return open(kit + '/course/lessons/l04_lrn/solution.py').read()", head="import sys",
        ),
        "file", "return open(kit + '/course/lessons/l04_lrn/solution.py').read()",
    ),
    "crashes": Hostile(
        body("return ctypes.string_at(0)", head="import ctypes"), "crash", "return ctypes.string_at(0)"
    ),
    "recursion without end": Hostile(body("return bad(a)"), "error", "return bad(a)"),
    "an error of its own kind that cannot be shown": Hostile(
        body("raise Odd", head="class Odd(BaseException):\n    __str__ = None"), "error", "raise Odd"
    ),
    "no such function": Hostile("def other(a):\n    return a", "missing"),
    "not a function": Hostile("bad = 3", "missing"),
    "syntax error": Hostile("def bad(a:\n    return a", "syntax", "def bad(a:", whole=True),
    "wrong indentation": Hostile("def bad(a):\nreturn a", "syntax", "return a", whole=True),
    "null bytes": Hostile("x = '\0'", "syntax", whole=True),
    "import error": Hostile("import tensorflow_of_1999", "import", "import tensorflow_of_1999", whole=True),
    "an error while it is loaded": Hostile("x = 1 / 0", "import", "x = 1 / 0", whole=True),
    "ends while it is loaded": Hostile("import sys\nsys.exit(3)", "exit", "sys.exit(3)", whole=True),
    "never ends to load": Hostile("while True: pass", "endless", "while True: pass", whole=True),
}  # fmt: skip


def asked(file: Path, code: str, limits: Limits = QUICK) -> dict[str, Answers]:
    file.write_text(code + GOOD, encoding="utf-8")
    return ask(file, [Call("bad", {"a": 1}), Call("good", {"a": 1})], limits)


@pytest.fixture(scope="module")
def submissions(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Path, dict[str, Answers]]]:
    """Each one's file and what was found; two at a time, for many of them only wait."""

    def found(name: str) -> tuple[Path, dict[str, Answers]]:
        file = tmp_path_factory.mktemp("hostile") / "exercise.py"
        return file, asked(file, HOSTILE[name].code)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(HOSTILE, pool.map(found, HOSTILE), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_is_told_by_name(name: str, submissions) -> None:
    hostile, (file, found) = HOSTILE[name], submissions[name]
    trouble = trouble_in(found["bad"], file)
    assert trouble.name == hostile.trouble, trouble
    assert trouble.name in TROUBLES
    if hostile.line:
        assert trouble.source == hostile.line
    if hostile.whole:
        assert found["good"].trouble is not None
        assert found["good"].trouble.name == hostile.trouble
    else:
        assert found["good"].trouble is None, found["good"].trouble
        assert float(found["good"].replies[0]["value"]) == 2
    assert file.read_text(encoding="utf-8") == hostile.code + GOOD


def trouble_in(answers: Answers, file: Path) -> Trouble:
    found = answers.trouble or trouble_of(file, answers.replies[0])
    assert found is not None
    return found


TORCH = {
    "patches torch": (body("torch.relu = None", "torch.Tensor.__add__ = max", "return a", head="import torch"), "patched", ""),
    "a huge tensor": (body("return torch.zeros(10**11)", head="import torch"), "memory", "return torch.zeros(10**11)"),
    "what it is to write": (body("return torch.conv2d(a, a)", head="import torch"), "shortcut", "return torch.conv2d(a, a)"),
    "what it is to write, as a method": (body("return a.softmax(1)"), "shortcut", "return a.softmax(1)"),
    "takes its name earlier": (body("return conv2d(a, a)", head="from torch import conv2d"), "shortcut", "return conv2d(a, a)"),
}  # fmt: skip


def asked_with_torch(file: Path) -> dict[str, Answers]:
    """One process for all: each is a function of its own, none ends it."""
    parts = [
        code.replace("def bad(", f"def bad{n}(") for n, (code, _, _) in enumerate(TORCH.values())
    ]
    file.write_text("\n".join(parts) + GOOD, encoding="utf-8")
    one = np.ones((1, 1, 2, 2))
    calls = [Call(f"bad{n}", {"a": one}) for n in range(len(TORCH))] + [Call("good", {"a": one})]
    without = ["torch.conv2d", "torch.Tensor.softmax"]
    found = ask(file, calls, Limits(memory=500_000_000), without)
    return {**{name: found[f"bad{n}"] for n, name in enumerate(TORCH)}, "good": found["good"]}


def test_hostile_use_of_torch_is_told_by_name(tmp_path: Path) -> None:
    file = tmp_path / "exercise.py"
    found = asked_with_torch(file)
    for name, (_, wanted, line) in TORCH.items():
        trouble = trouble_in(found[name], file)
        assert (trouble.name, trouble.source) == (wanted, line)
    assert found["good"].trouble is None
    assert found["good"].replies[0]["value"].tolist() == [[[[2, 2], [2, 2]]]]


def test_a_file_that_imports_torch_has_it_whatever_its_functions_take(tmp_path: Path) -> None:
    """Its libraries take more address space than a learner's code may; they are loaded before."""
    found = asked(tmp_path / "exercise.py", body("return a", head="import torch"))
    assert found["bad"].trouble is None
    assert found["good"].trouble is None


def test_messages_that_never_stop_to_come_are_ended_too(tmp_path: Path, monkeypatch) -> None:
    """There is always another one to read: no wait for the next can run out."""

    class Flood:
        def get(self, timeout: float) -> dict[str, str]:
            time.sleep(0.01)
            return {"said": "loaded"}

    child = apart.Child(tmp_path / "exercise.py", Limits(silence=0.1, total=0.2), torch=False)
    monkeypatch.setattr(apart.processes, "ask_where", lambda *_: None)
    child._loaded, child._messages, child._scratch, child._process = True, Flood(), tmp_path, None
    _, trouble = child._listen([], {}, ["bad"])
    assert trouble is not None
    assert trouble.name == "endless"


def test_what_was_printed_is_kept_and_cut(tmp_path: Path) -> None:
    found = asked(tmp_path / "exercise.py", body("print('héllo' * 1000)", "return a"))
    assert found["bad"].printed.startswith("héllohéllo")
    assert len(found["bad"].printed) <= 2000


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_no_process_is_left_behind(tmp_path: Path, monkeypatch) -> None:
    """A process that left the session, started behind the guard's back, is ended too."""
    mark = f"TUTOR_TEST_{uuid.uuid4().hex}"
    monkeypatch.setenv(mark, "1")  # inherited by whatever is started
    code = body(
        "libc = ctypes.CDLL(None)", "if libc.fork() == 0:", "    libc.setsid()", "    libc.sleep(60)",
        "return a", head="import ctypes",
    )  # fmt: skip
    asked(tmp_path / "exercise.py", code)
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            assert mark.encode() not in environment.read_bytes()


@only
def test_folders_that_the_surroundings_name_for_caches_are_not_used(
    tmp_path: Path, monkeypatch
) -> None:
    """torch names one itself in the environment once its compiler is loaded."""
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "bytes"))
    code = body("return torch.func.vjp(torch.sin, a)[0]", head="import torch")
    file = tmp_path / "exercise.py"
    file.write_text(code, encoding="utf-8")
    found = ask(file, [Call("bad", {"a": np.zeros(2)})], Limits(silence=60, total=60))
    assert found["bad"].trouble is None
    assert found["bad"].replies[0]["value"].tolist() == [0, 0]
