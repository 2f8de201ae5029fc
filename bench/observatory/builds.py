"""Builds this tree's examples, library and Elixir side, and the benchmarks' own helpers, each once per run."""

import functools
import hashlib
import os
import subprocess

from . import places
from .say import Failed, say


def do(command, what, **kwargs):
    """Runs a build; a failure shows the end of its output."""
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs)
    if ended.returncode != 0:
        raise Failed(f"{what} does not build:\n{ended.stdout.decode('utf-8', 'replace')[-3000:]}")


def compiled(source):
    """The path of a C program, compiled when its source has changed; the stamp is the source's hash."""
    path = places.folder(places.TOOLS) / source.stem
    stamp = path.with_suffix(".sha")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if not path.exists() or not stamp.exists() or stamp.read_text() != digest:
        do(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", path, source], source.name)
        stamp.write_text(digest)
    return path


@functools.cache
def gauge(name="gauge"):
    """`gauge`, or `steps`, which counts instructions."""
    return compiled(places.BENCH / "gauge" / f"{name}.c")


@functools.cache
def slowfs():
    """The slow file system, which tests also use."""
    return compiled(places.ROOT / "test" / "support" / "slowfs.c")


@functools.cache
def floor():
    """The program that only makes the system calls."""
    target = places.folder(places.CACHE / "target") / "floor"
    manifest = places.BENCH / "floor" / "Cargo.toml"
    do(["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest, "--target-dir", target], "bench/floor")
    return target / "release" / "floor"


@functools.cache
def examples(package):
    """The directory with a crate's examples, built from this tree."""
    target = os.environ.get("CARGO_TARGET_DIR") or places.ROOT / "native" / "target"
    say(f"building {package}")
    command = ["cargo", "build", "--quiet", "--release", "--locked", "-p", package, "--examples"]
    do(command, package, cwd=places.ROOT / "native")
    return os.path.join(target, "release", "examples")


def core(example):
    return os.path.join(examples("aether_core"), example)


def index(example):
    return os.path.join(examples("aether_index"), example)


@functools.cache
def elixir():
    """The directory with Aether's own beam files."""
    build = os.environ.get("MIX_BUILD_PATH") or str(places.ROOT / "_build" / "prod")
    say("building the library")
    mix_compile(places.ROOT, build)
    return os.path.join(build, "lib", "aether", "ebin")


def mix_compile(tree, build, **env):
    environment = dict(os.environ, MIX_ENV="prod", MIX_BUILD_PATH=build, ELIXIR_ERL_OPTIONS="+fnu +Bd", **env)
    do([os.environ["MIX"], "compile"], "the library", cwd=tree, env=environment)


@functools.cache
def helpers(aether):
    """bench/beam, compiled ahead, so that the VM of each round need not compile it. `aether` has the structs that it matches on."""
    sources = sorted((places.BENCH / "beam").glob("*.ex"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    out = places.CACHE / "beam" / digest
    if not (out / "done").exists():
        places.folder(out)
        elixirc = os.path.join(os.path.dirname(os.environ["MIX"]), "elixirc")
        environment = dict(os.environ, ELIXIR_ERL_OPTIONS="+fnu")
        do([elixirc, "-pa", aether, "-o", out, *sources], "bench/beam", env=environment)
        (out / "done").touch()
    return str(out)
