"""Hostile files: each is refused by name, in little time and memory, and opens nothing else; what is honest is read."""

import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mapsvc.errors import BadData, NoInput
from mapsvc.sources import sandbox
from mapsvc.sources.sandbox import read_untrusted
from tests.sources import bombs


@pytest.fixture(scope="module", autouse=True)
def _warm(tmp_path_factory):
    """Let the parent load what it always needs, so that it is not taken for the cost of one file."""
    path = tmp_path_factory.mktemp("warm") / "m.csv"
    path.write_text("name\nOslo\n")
    read_untrusted(path)


def _memory(name: str) -> int:
    """Return bytes of this process: VmRSS now, VmHWM at the highest since it was last reset."""
    return 1024 * int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@pytest.mark.parametrize("name", bombs.CORPUS)
def test_a_hostile_file_is_refused_with_its_own_reason_in_little_time_and_memory(name, tmp_path):
    path = bombs.write(name, tmp_path)
    Path("/proc/self/clear_refs").write_text("5")
    memory, used = _memory("VmRSS"), resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises((BadData, NoInput), match=bombs.CORPUS[name][1]) as caught:
        read_untrusted(path)
    grown, now = _memory("VmHWM") - memory, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert caught.value.file == str(path)
    assert str(caught.value).isprintable()
    assert "broke on it" not in str(caught.value)
    assert grown < 10 * 1024 * 1024
    # Of the processor: what the clock says depends on what else the machine does. benchmarks/bench_bombs.py has both.
    assert now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime < 2.0


def test_there_are_more_than_sixty_of_them():
    assert len(bombs.CORPUS) > 60


# --- What the child cannot do, tried ---

_CONFINED = """
import sys
sys.path.append({root!r})
from mapsvc.sources.confinement import confine
kept = confine([sys.prefix, sys.base_prefix, "/usr/lib", "/lib", "/lib64", {allowed!r}])
print(kept)
{attempt}
"""


def confined(attempt, allowed="/nonexistent"):
    code = _CONFINED.format(root=sandbox._ROOT, allowed=str(allowed), attempt=attempt)
    return subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)


def test_it_gives_up_everything_on_linux():
    assert confined("").stdout == "[]\n"


def test_it_can_read_what_it_is_given(tmp_path):
    (tmp_path / "x").write_text("hello")
    assert confined(f"print(open({str(tmp_path / 'x')!r}).read())", tmp_path).stdout.endswith("hello\n")


@pytest.mark.parametrize(
    ("attempt", "refused"),
    [
        ("open('/etc/passwd')", "PermissionError"),
        ("open('/proc/self/environ')", "PermissionError"),
        ("import os; os.listdir('/')", "PermissionError"),
        ("open('mapsvc-owned', 'w')", "PermissionError"),
        ("import os; os.execv('/bin/true', ['true'])", "PermissionError"),
        ("x = bytearray(2_000_000_000)", "MemoryError"),
        ("import os; [os.dup(0) for _ in range(100)]", "Too many open files"),
    ],
)
def test_it_can_open_run_and_use_nothing_else(attempt, refused):
    ended = confined(attempt)
    assert ended.returncode != 0
    assert refused in ended.stderr


def test_it_cannot_reach_the_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert "Error" in confined(f"import socket; socket.create_connection({address!r}, 2)").stderr
        with socket.create_connection(address, 2):  # it is there, for others
            pass


def test_it_sees_nothing_of_our_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("MAPSVC_SECRET", "x")
    monkeypatch.setattr(sandbox, "_START", "import os, sys; sys.exit(' '.join(sorted(os.environ)))")
    path = tmp_path / "m.csv"
    path.write_text("name\nOslo\n")
    with pytest.raises(BadData) as caught:
        read_untrusted(path)
    assert "ARROW_DEFAULT_MEMORY_POOL" in str(caught.value)
    assert not any(name in str(caught.value) for name in ("MAPSVC", "PATH", "HOME"))


# --- What becomes of a child that ends badly ---


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import time; time.sleep(60)", "more than 1 s"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "more than 60 s to parse"),
        ("import os; os.abort()", "the parser broke on it"),
        ("raise MemoryError", "1 GiB of memory"),
        ("pass", "not a table"),
        ("import sys; open(int(sys.argv[5]), 'w').write('[' * 100_000)", "not a table"),
        ("import sys; open(int(sys.argv[5]), 'w').write('[]')", "not a table"),
        ("import sys; open(int(sys.argv[5]), 'w').write('{}')", "not a table"),
        ('import sys; open(int(sys.argv[5]), "w").write(\'{"dialect": 1, "crs": "", "findings": [], "more": {}, "left_out": 0, "kept": []}\')', "not a table"),
        ('import sys; open(int(sys.argv[5]), "w").write(\'{"dialect": "", "crs": "", "findings": [], "more": {}, "left_out": 0, "kept": []}\'); open(int(sys.argv[4]), "wb").write(b"ARROW1" + bytes(99))', "not a table"),
    ],
)  # fmt: skip
def test_whatever_becomes_of_the_child_is_told_in_one_line(monkeypatch, tmp_path, code, said):
    monkeypatch.setattr(sandbox, "_START", code)
    monkeypatch.setattr(sandbox, "MAX_WALL_S", 1 if "sleep" in code else 30)
    path = tmp_path / "m.csv"
    path.write_text("name\nOslo\n")
    with pytest.raises(BadData, match=said):
        read_untrusted(path)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "m.csv"
    path.write_text("name\nOslo\n")
    read_untrusted(path)
    path.write_text("name,name\n")
    with pytest.raises(BadData):
        read_untrusted(path)
    assert [one.name for one in tmp_path.iterdir()] == ["m.csv"]
