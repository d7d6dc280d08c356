"""The machine: what only one system has is used there, and where it is missing nothing breaks."""

import ctypes
import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from alexnet_tutor import machine
from alexnet_tutor.machine import write_atomically


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch):
    """``system("darwin")``: what the kit takes this computer for."""
    return lambda name: monkeypatch.setattr(machine, "sys", SimpleNamespace(platform=name))


# --- memory and arithmetic ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["darwin", "win32"])
def test_only_on_linux_is_freed_memory_kept(system, name: str, monkeypatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", None)
    system(name)
    assert machine.keep_freed_memory() is False


def test_a_linux_without_glibc_keeps_no_freed_memory(system, monkeypatch) -> None:
    """musl has no mallopt: looking it up is an AttributeError."""
    system("linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert machine.keep_freed_memory() is False


def test_glibc_is_told_both_thresholds(system, monkeypatch) -> None:
    system("linux")
    told: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda *option: told.append(option) or 1)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    assert machine.keep_freed_memory() is True
    assert told == [(-3, 1 << 30), (-1, 1 << 30)]


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("flags\t\t: fpu avx2 avx512_bf16 sse\n", True),
        ("flags\t\t: fpu amx_bf16\n", True),
        ("Features\t: fp asimd bf16 i8mm\n", True),
        ("flags\t\t: fpu avx2 avx512f\nmodel name\t: Not-bf16 9000\n", False),
        ("", False),
    ],
)
def test_linux_tells_of_bf16_among_the_processor_s_flags(
    system, monkeypatch, tmp_path: Path, text: str, has: bool
) -> None:
    system("linux")
    (tmp_path / "cpuinfo").write_text(text)
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "cpuinfo")
    assert machine.cpu_has_bf16() is has


@pytest.mark.parametrize(("answer", "has"), [("1\n", True), ("0\n", False), ("", False)])
def test_macos_is_asked_for_bf16(system, monkeypatch, answer: str, has: bool) -> None:
    system("darwin")
    done = SimpleNamespace(stdout=answer)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert machine.cpu_has_bf16() is has


@pytest.mark.parametrize("trouble", [FileNotFoundError(), subprocess.TimeoutExpired("sysctl", 5)])
def test_where_nobody_answers_there_is_no_bf16(system, monkeypatch, tmp_path, trouble) -> None:
    def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "absent")
    for name in ("darwin", "linux", "win32"):
        system(name)
        assert machine.cpu_has_bf16() is False


def test_cores_are_counted_where_a_process_cannot_be_bound_to_some(monkeypatch) -> None:
    assert machine.cores() >= 1
    monkeypatch.setattr(machine, "os", SimpleNamespace(cpu_count=lambda: 6))
    assert machine.cores() == 6
    monkeypatch.setattr(machine, "os", SimpleNamespace(cpu_count=lambda: None))
    assert machine.cores() == 1


def test_a_machine_is_described_without_proc(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "absent")
    told = machine.describe()
    assert set(told) == {"system", "processor", "cores", "python"}
    assert all(told.values())


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_with_the_usual_rights(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_atomically(path, lambda temporary: temporary.write_text("new"))
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    "trouble", [OSError(errno.ENOSPC, "full"), ValueError(), KeyboardInterrupt()]
)
def test_a_writer_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, trouble: BaseException
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def write(temporary: Path) -> None:
        temporary.write_text("ne")
        raise trouble

    with pytest.raises(type(trouble)):
        write_atomically(path, write)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_windows_cannot_flush_a_folder_and_need_not(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "os", SimpleNamespace(name="nt"))
    machine.flush_folder(tmp_path / "nowhere")


def test_only_the_leftovers_of_one_file_are_swept(tmp_path: Path) -> None:
    names = (".a.1234.tmp", ".a.tmp", ".b.1234.tmp", "a", "a.tmp")
    for name in names:
        (tmp_path / name).touch()
    machine.sweep_temporaries(tmp_path / "a")
    assert {path.name for path in tmp_path.iterdir()} == set(names) - {".a.1234.tmp"}


def test_sha256_of_abc_is_the_standards_example(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert machine.sha256_of(tmp_path / "abc") == wanted


@pytest.mark.parametrize(("trouble", "alone"), [(None, True), (errno.EACCES, False)])
def test_windows_locks_a_byte_of_the_file(
    system, monkeypatch, tmp_path: Path, trouble: int | None, alone: bool
) -> None:
    asked: list[tuple[int, int]] = []

    def locking(_descriptor: int, mode: int, count: int) -> None:
        asked.append((mode, count))
        if trouble:
            raise OSError(trouble, "taken")

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
    system("win32")
    with machine.sole_user(tmp_path / ".lock") as answer:
        assert answer is alone
    assert asked == [(2, 1)]


# --- signals --------------------------------------------------------------------------------------

SIGNALS = [signal.SIGINT, *([] if os.name == "nt" else [signal.SIGTERM])]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_a_request_once_somebody_heeds_it(number: int) -> None:
    before = signal.getsignal(number)
    with machine.stop_on_signals() as stop:
        stop.heeded = True
        assert not stop
        signal.raise_signal(number)
        assert stop.signal == number
        assert signal.getsignal(number) == before, "a second one acts as it would have"
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("number", SIGNALS)
def test_before_that_a_signal_interrupts_at_once(number: int) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), machine.stop_on_signals() as stop:
        signal.raise_signal(number)
    assert stop.signal == number
    assert signal.getsignal(number) == before


def test_off_the_main_thread_there_is_a_request_that_is_never_set() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[bool] = []

    def work() -> None:
        with machine.stop_on_signals() as stop:
            seen.extend([bool(stop), signal.getsignal(signal.SIGINT) == before])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False, True]
    assert signal.getsignal(signal.SIGINT) == before


# --- memory and processes ---------------------------------------------------------------------------


def test_peak_memory_counts_what_was_held() -> None:
    if machine.peak_memory() is None:
        pytest.skip("this system does not tell")
    held = bytearray(300_000_000)
    held[::4096] = b"x" * len(held[::4096])
    assert machine.peak_memory() > 300_000_000


def test_without_the_resource_module_peak_memory_is_not_told(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert machine.peak_memory() is None


@pytest.mark.parametrize(("name", "size"), [("linux", 2048), ("darwin", 2)])
def test_macos_counts_memory_in_bytes_and_linux_in_units_of_1024(
    system, name: str, size: int
) -> None:
    system(name)
    assert machine._in_bytes(2) == size


def test_a_command_s_end_is_told_with_its_time() -> None:
    code, seconds, memory = machine.ended_process([sys.executable, "-c", "raise SystemExit(3)"])
    assert code == 3
    assert seconds > 0
    assert memory is None or memory > 1e6


def test_a_command_s_end_is_told_without_wait4_too(monkeypatch) -> None:
    monkeypatch.delattr(os, "wait4", raising=False)
    code, _, memory = machine.ended_process([sys.executable, "-c", "raise SystemExit(3)"])
    assert (code, memory) == (3, None)


def test_signals_have_names() -> None:
    assert machine.signal_name(-9) == "SIGKILL"
    assert machine.signal_name(-250) == "signal 250"
    assert machine.signal_name(0) is None
    assert machine.signal_name(3) is None


def test_limits_are_left_alone_where_the_system_has_none(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    machine.limit_process(memory=1, written=1)
    assert len(bytes(1_000_000)) == 1_000_000
