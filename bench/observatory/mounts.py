"""Temporary file systems for cases: slow ones, through FUSE, and an ext4 on a loop device. Needs root."""

import contextlib
import functools
import os
import subprocess

from . import builds, places, tools
from .say import Failed, say


def mount_point(name):
    """A directory to mount on. Unmounts what a killed run has left there."""
    path = places.folder(places.CACHE / "mounts") / name
    while os.path.ismount(path) or _is_dead(path):
        subprocess.run(["umount", "-l", path], check=True, capture_output=True)
    return places.folder(path)


def _is_dead(path):
    """Whether the FUSE server of a mount is gone."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def why_no_fuse():
    """What is missing to mount a slow file system, or None."""
    if os.geteuid() != 0:
        return "only root can mount"
    return None if os.path.exists("/dev/fuse") else "there is no /dev/fuse"


@contextlib.contextmanager
def slow(delay_ms, *shape):
    """Mounts a file system where every lookup and listing takes `delay_ms`, with many at a time. `shape` is for slowfs.c:
    `--files N` or `--tree N`. Yields its path."""
    path = mount_point("slow")
    command = [builds.slowfs(), "--delay", delay_ms, *shape, path]
    server = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if not server.stdout.readline().startswith("mounted"):
            raise Failed("the slow file system was not mounted")
        yield str(path)
    finally:
        # It unmounts at end of input; processes that still wait for it get an error.
        server.communicate()


@functools.cache
def why_no_loop():
    """What is missing for a file system on a loop device, or None."""
    if os.geteuid() != 0:
        return "only root can mount"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    for program, package in [("mkfs.ext4", "e2fsprogs"), ("losetup", "mount"), ("blockdev", "util-linux")]:
        if not tools.debian(program, package, "an ext4 of its own for the case of cold caches"):
            return f"Debian's package {package} cannot be installed"
    return None


class Ext4:
    """An ext4 in a file, on a loop device that bypasses the page cache, so that only the file system's own caches need dropping."""

    def __init__(self, image, megabytes):
        self.image, self.megabytes = image, megabytes
        self.path = mount_point("ext4")
        self.device = None

    def __enter__(self):
        if not self.image.exists():
            self._make()
        # Left by a run that was killed.
        for line in subprocess.run(["losetup", "--associated", self.image], capture_output=True, text=True).stdout.splitlines():
            subprocess.run(["losetup", "--detach", line.split(":")[0]], capture_output=True)
        attached = subprocess.run(["losetup", "--find", "--show", "--direct-io=on", self.image], capture_output=True, text=True)
        if attached.returncode != 0:
            raise Failed(f"losetup: {attached.stderr.strip()}")
        self.device = attached.stdout.strip()
        if self._says("dio") != "1":
            self.__exit__()
            raise Failed(f"the file system of {self.image} has no direct I/O")
        return self

    def _make(self):
        say(f"making an ext4 in {self.image} (once)")
        unfinished = self.image.with_suffix(".new")
        with open(unfinished, "wb") as file:
            file.truncate(self.megabytes << 20)
        # Leave nothing for the kernel to write later.
        lazy = ["-E", "lazy_itable_init=0,lazy_journal_init=0"]
        builds.do(["mkfs.ext4", "-q", "-F", "-N", "200000", *lazy, unfinished], "an ext4")
        unfinished.rename(self.image)

    def __exit__(self, *_):
        self.unmount()
        if self.device:
            subprocess.run(["losetup", "--detach", self.device], capture_output=True)

    def _says(self, attribute):
        with open(f"/sys/block/{os.path.basename(self.device)}/loop/{attribute}") as file:
            return file.read().strip()

    def mount(self, options="ro,noatime"):
        builds.do(["mount", "-t", "ext4", "-o", options, self.device, self.path], "a mount of the ext4")

    def unmount(self):
        if os.path.ismount(self.path):
            builds.do(["umount", self.path], "an umount of the ext4")

    def forget(self):
        """Drops all of it from memory: dentries and inodes with the mount, blocks with the device's buffers."""
        self.unmount()
        builds.do(["blockdev", "--flushbufs", self.device], "the loop device's buffers")
        self.mount()
