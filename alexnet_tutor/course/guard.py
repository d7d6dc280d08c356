"""In the child: what a learner's code may touch. What it may not is refused and told.

It keeps accidents and shortcuts out. It is no prison: ctypes goes round it.
"""

from __future__ import annotations

import builtins
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

Tell = Callable[[str, str, int | None], None]  # (name of the trouble, what happened, line)

_PROCESSES = {
    "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec", "os.system", "os.startfile",
    "subprocess.Popen", "pty.spawn", "os.kill", "os.killpg",
}  # fmt: skip
_NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"}
_CHANGES = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "os.chown",
    "os.link", "os.symlink", "os.utime", "shutil.rmtree", "shutil.move",
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/lib64", "/opt")
_WATCHED = ("builtins", "math", "numpy", "torch", "torch.nn.functional", "torch.nn", "torch.linalg")


class RefusedError(PermissionError):
    """The learner's code asked for what is no part of an exercise."""


class Guard:
    """Watches while a learner's code runs (``with guard:``).

    Args:
        file: the exercise.
        kit: the folder of this package, whose answers are not to be read.
        scratch: the one folder that may be written to.
        tell: takes each trouble as it happens.
    """

    def __init__(self, file: Path, kit: Path, scratch: Path, tell: Tell) -> None:
        self.file, self.tell = str(file), tell
        self.kit, self.scratch = str(kit), str(scratch.resolve())
        self.engine = str(kit / "course")  # a printed traceback shows lines of it
        homes = (sys.prefix, sys.base_prefix, *sys.path, str(file.parent), self.scratch)
        self.readable = tuple({*_SYSTEM, *(os.path.realpath(home) for home in homes if home)})
        self.watching = False
        self.threads = set(threading.enumerate())
        self._kept: dict[str, dict[str, Any]] = {}
        self._replace_exits()
        sys.addaudithook(self._hook)

    def __enter__(self) -> Guard:
        self.watching = True
        return self

    def __exit__(self, *_: object) -> None:
        self.watching = False
        changed = self._restore()
        if changed:
            self.tell("patched", f"replaces {', '.join(changed[:4])}", None)

    def line(self, frame: FrameType | None = None) -> int | None:
        """The line of the exercise that runs now."""
        frame = frame or sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def refuse(self, name: str, what: str) -> NoReturn:
        """Tell it, and stop the call that asked."""
        self.watching = False  # telling opens and imports as it needs
        self.tell(name, what, self.line())
        self.watching = True
        raise RefusedError(what)

    def _replace_exits(self) -> None:
        really = os._exit

        def told_exit(code: int) -> NoReturn:
            if self.watching:
                self.tell("exit", f"ends the whole program with os._exit({code})", self.line())
            really(code)

        def asked(*_: object) -> NoReturn:
            self.tell("input", "waits for a person at the keyboard with input()", self.line())
            raise EOFError("nobody answers input() here")

        os._exit = told_exit  # type: ignore[assignment]
        builtins.input = asked

    def _hook(self, event: str, details: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event == "open":
            self._opened(*details)
        elif event == "import" and str(details[0]).split(".")[0] == "alexnet_tutor":
            self.refuse("kit", f"imports {details[0]}: the kit's own code is not yours")
        elif event in _PROCESSES:
            self.refuse("process", f"starts or ends a process ({event})")
        elif event in _NETWORK:
            self.refuse("network", f"reaches for the network ({event})")
        elif event in _CHANGES and not self._inside(details[0], (self.scratch,)):
            self.refuse("file", f"changes {details[0]} ({event})")

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int) or os.fspath(path) in (os.devnull, os.fsencode(os.devnull)):
            return
        writes = bool(set("wax+") & set(mode)) if mode else bool(flags & _WRITING)
        name = os.fsdecode(path)
        if writes and not self._inside(name, (self.scratch,)):
            self.refuse("file", f"writes to the file {name}")
        answers = self._inside(name, (self.kit,)) and os.path.dirname(name) != self.engine  # noqa: PTH120
        if answers or not self._inside(name, self.readable):
            self.refuse("file", f"opens the file {name}, which is no part of the exercise")

    def _inside(self, path: Any, folders: Sequence[str]) -> bool:
        if isinstance(path, int):
            return True
        real = os.path.realpath(os.fsdecode(path))
        return any(real == folder or real.startswith(folder + os.sep) for folder in folders)

    def forbid(self, names: Sequence[str]) -> None:
        """Let each of ``names`` (``torch.conv2d``, ``torch.Tensor.softmax``) refuse to be called."""
        for name in names:
            home, _, function = name.rpartition(".")
            setattr(_owner(home), function, self._forbidden(name))

    def _forbidden(self, name: str) -> Callable[..., NoReturn]:
        def refused(*_: object, **__: object) -> NoReturn:
            self.refuse("shortcut", f"calls {name}, which is what this exercise writes")

        return refused

    def remember(self) -> None:
        """Note what torch and its like consist of now."""
        self._kept = {name: dict(vars(owner)) for name, owner in _owners()}

    def _restore(self) -> list[str]:
        """Put back what was replaced since, and give its names."""
        changed = []
        for name, owner in _owners():
            kept = self._kept.get(name)
            if kept is None:
                continue
            now = vars(owner)
            for key in [key for key, value in kept.items() if now.get(key, owner) is not value]:
                changed.append(f"{name}.{key}")
                setattr(owner, key, kept[key])
            if isinstance(owner, type):  # a module may load more of itself, a class does not grow
                for key in set(now) - set(kept):
                    changed.append(f"{name}.{key}")
                    delattr(owner, key)
        return changed + _reset_torch()

    def left_threads(self) -> list[str]:
        """Names of the threads that still run."""
        left = [thread for thread in threading.enumerate() if thread not in self.threads]
        self.threads.update(left)
        return [thread.name for thread in left]


def _owner(name: str) -> ModuleType | type:
    """The module of this name, or the class in one."""
    module, _, kind = name.rpartition(".")
    owner: ModuleType | type = sys.modules.get(name) or getattr(sys.modules[module], kind)
    return owner


def _owners() -> list[tuple[str, ModuleType | type]]:
    owners: list[tuple[str, ModuleType | type]] = [
        (name, sys.modules[name]) for name in _WATCHED if name in sys.modules
    ]
    if "torch" in sys.modules:
        owners.append(("torch.Tensor", sys.modules["torch"].Tensor))
    return owners


def _reset_torch() -> list[str]:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return []
    changed = []
    if torch.get_default_dtype() != torch.float32:
        torch.set_default_dtype(torch.float32)
        changed.append("torch's default dtype")
    if not torch.is_grad_enabled():
        torch.set_grad_enabled(True)
        changed.append("torch's gradients (switched off)")
    return changed
