"""Import Rasa without TensorFlow, which nothing in our pipeline uses.

Rasa 3.6 imports TensorFlow wherever it names a component that could use it: half the engine's memory and start-up
time (measured: 566 MB and 12 s against 202 MB and 6 s for Rasa's imports). `install()`, called before Rasa is
imported, puts a stand-in in its place: classes may derive from it and functions be decorated with it, and no more.
config.yml must therefore name no component that needs TensorFlow (DIET, TED, ResponseSelector, LanguageModel).
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ClassVar

ABSENT = {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"}
ASKED_FOR_BY_THINC = "tensorflow.experimental"  # spaCy's thinc probes it: not finding it, it does without


class _StandIn(type):
    """A class whose every attribute is another such class, and whose call as a decorator changes nothing."""

    def __getattr__(cls, name: str) -> Any:
        return _attribute(cls, name)

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__bases__ != (object,):  # a class of Rasa's that derives from a stand-in
            return super().__call__(*args, **kwargs)
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else lambda decorated: decorated


class _StandInModule(ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        return _attribute(self, name)


def _attribute(owner: Any, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    made = _StandIn(name, (), {})
    setattr(owner, name, made)
    return made


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in ABSENT or name.startswith(ASKED_FOR_BY_THINC):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Make every later import of TensorFlow find the stand-in."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
