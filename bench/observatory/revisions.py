"""Builds two trees alike: this one and a base revision, by the same compiler, in directories with paths of the same length.

Paths end up in binaries and on the stack and change alignments; so both are built and run in directories named by 40 hex digits.
Third-party crates are compiled once, into a target directory that both share.
"""

import hashlib
import os
import shutil
import subprocess

from . import builds, places
from .say import Failed, say

# What a change must touch to change what is measured here.
SOURCES = ["native", "lib", "mix.exs", "config"]
# Needed to compile: it becomes the library's module documentation.
CHECKED_OUT = [*SOURCES, "README.md"]
THIS = "0" * 40
CHECK = places.CACHE / "check"


def git(*arguments, check=True):
    ended = subprocess.run(["git", *arguments], cwd=places.ROOT, capture_output=True, text=True)
    if check and ended.returncode != 0:
        raise Failed(f"git {' '.join(arguments)}: {ended.stderr.strip()}")
    return ended.stdout.strip() if ended.returncode == 0 else ""


def base_of(given):
    """The commit to compare with, and why that one; None if this is the only commit.

    The given one; or AETHER_BENCH_BASE; or the newest earlier commit that recorded figures, as those are what this tree must not
    fall behind; or where this branch left origin/main; or the previous commit.
    """
    named = given or os.environ.get("AETHER_BENCH_BASE")
    if named:
        return commit(named), "as given"
    recorded = git("log", "-1", "--format=%H", "HEAD~1", "--", "bench/data.js", check=False)
    if recorded:
        return recorded, "the newest earlier commit that changed bench/data.js"
    left = git("merge-base", "HEAD", "origin/main", check=False)
    if left and left != git("rev-parse", "HEAD"):
        return left, "where this branch left origin/main"
    before = git("rev-parse", "--verify", "--quiet", "HEAD~1", check=False)
    return before or None, "the previous commit"


def commit(name):
    return git("rev-parse", "--verify", f"{name}^{{commit}}")


def changed(base):
    """Whether anything that is measured differs from the base, uncommitted changes included."""
    if subprocess.run(["git", "diff", "--quiet", base, "--", *SOURCES], cwd=places.ROOT).returncode != 0:
        return True
    return bool(git("ls-files", "--others", "--exclude-standard", "--", *SOURCES))


class Revision:
    """A tree that is checked out and built, and the paths of its programs."""

    def __init__(self, name, label):
        self.label = label
        self.home = CHECK / name
        self.tree = self.home / "tree"
        self.bin = self.home / "bin"

    def program(self, name):
        return str(self.bin / name)

    def aether(self):
        return str(self.home / "mix" / "lib" / "aether" / "ebin")


def base(revision):
    found = Revision(revision, revision[:12])
    if not (found.tree / "done").exists():
        shutil.rmtree(found.tree, ignore_errors=True)
        places.folder(found.tree)
        archive = subprocess.Popen(["git", "archive", revision, *CHECKED_OUT], cwd=places.ROOT, stdout=subprocess.PIPE)
        unpacked = subprocess.run(["tar", "-x", "-C", found.tree], stdin=archive.stdout)
        if archive.wait() != 0 or unpacked.returncode != 0:
            raise Failed(f"cannot check out {revision}")
        (found.tree / "done").touch()
    return built(found)


def this():
    """The working tree as it is. Only files that differ are written, as cargo goes by their mtime."""
    found = Revision(THIS, "this tree")
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *CHECKED_OUT).split("\0")
    wanted = {name for name in listed if name and (places.ROOT / name).is_file()}
    for path in [path for path in found.tree.rglob("*") if path.is_file()]:
        if str(path.relative_to(found.tree)) not in wanted:
            path.unlink()
    for name in wanted:
        target, content = found.tree / name, (places.ROOT / name).read_bytes()
        if not target.exists() or target.read_bytes() != content:
            places.folder(target.parent)
            target.write_bytes(content)
    return built(found)


def built(found):
    digest = contents(found.tree)
    stamp = found.home / "built"
    if stamp.exists() and stamp.read_text() == digest:
        return found
    say(f"building {found.label}, to compare")
    target = CHECK / "target"
    wanted = ["-p", "aether_core", "-p", "aether_index", "-p", "aether_nif", "--lib"]
    programs = ["--example", "walk", "--example", "walk_into"]
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", target, *wanted, *programs]
    builds.do(command, found.label, cwd=found.tree / "native")
    places.folder(found.bin)
    for built_file in ["examples/walk", "examples/walk_into", "libaether_nif.so"]:
        copy = found.bin / os.path.basename(built_file)
        copy.unlink(missing_ok=True)
        shutil.copy2(target / "release" / built_file, copy)
    builds.mix_compile(found.tree, str(found.home / "mix"), AETHER_NIF_PATH=found.program("libaether_nif.so"))
    stamp.write_text(digest)
    return found


def contents(tree):
    """A digest of the compiler and the sources."""
    digest = hashlib.sha256(subprocess.run(["rustc", "-vV"], capture_output=True).stdout)
    for path in sorted(path for path in tree.rglob("*") if path.is_file() and "target" not in path.parts):
        digest.update(str(path.relative_to(tree)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
