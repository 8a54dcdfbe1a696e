"""Files of registry packages, fetched and unpacked without installing them."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

# What fetches one package into the working folder; {package} and {version} are filled in.
_FETCH = {
    "debian": ("apt-get", "download", "-q", "{package}"),
    "pypi": (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "{package}=={version}"),
    "npm": ("npm", "pack", "--silent", "{package}@{version}"),
    "crates": ("cargo", "vendor", "-q", "--versioned-dirs"),
}
# cargo fetches only what a crate of one's own depends on.
_MANIFEST = """[package]
name = "fetch"
version = "0.0.0"
edition = "2021"
[lib]
path = "Cargo.toml"
[dependencies]
{package} = "={version}"
"""


def unpack(registry: str, package: str, version: str, folder: Path) -> Path | None:
    """The package's files below `folder`, fetched where they are missing; None if it can't be had.

    Raises KeyError for a registry other than debian, pypi, npm and crates.
    """
    target = folder / package.replace("/", "-")
    if target.exists():
        return target
    fetched = folder / f"{target.name}.fetched"
    fetched.mkdir(parents=True, exist_ok=True)
    command = [part.format(package=package, version=version) for part in _FETCH[registry]]
    if not shutil.which(command[0]):
        return None
    if registry == "crates":
        return _vendor(command, package, version, fetched, target)
    got = subprocess.run(command, cwd=fetched, capture_output=True, check=False)
    archives = sorted(item for item in fetched.iterdir() if item.is_file())
    if got.returncode or not archives:
        return None
    partial = folder / f"{target.name}.partial"
    _extract(archives[-1], partial)
    partial.replace(target)
    return target


def _vendor(command: list[str], package: str, version: str, fetched: Path, target: Path) -> Path | None:
    (fetched / "Cargo.toml").write_text(_MANIFEST.format(package=package, version=version))
    got = subprocess.run(command, cwd=fetched, capture_output=True, check=False)
    unpacked = fetched / "vendor" / f"{package}-{version}"
    if got.returncode or not unpacked.exists():
        return None
    return unpacked.replace(target)


def _extract(archive: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    if archive.suffix == ".deb":
        subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True, capture_output=True)
    elif archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target)
    else:
        # Python 3.11.2 does not know extractall's filter yet.
        with tarfile.open(archive) as bundle:
            for member in bundle:
                if member.isfile() and (target / member.name).resolve().is_relative_to(target.resolve()):
                    bundle.extract(member, target)
