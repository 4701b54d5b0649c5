"""Read training data once, and check it against Rasa's schemas without its slow parser: that was half of a training.

Rasa parses every file a second time, in pure Python, so that an error can name its line. Here that is done only when
there is an error to tell of. It also reads all messages twice, once for the responses that might stand among them,
and merges them twice, once for a language named and once for none, though no reader of ours looks at the language.
The YAML library tries each scalar against a list of patterns that grows with every scalar. And what is merged with
nothing is copied all the same, message by message.
"""

from __future__ import annotations

from typing import Any

from pykwalify.core import Core
from pykwalify.errors import SchemaError
from rasa.shared import constants
from rasa.shared.importers.importer import E2EImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io, validation
from rasa.shared.utils.common import cached_method
from ruamel.yaml import YAMLError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.resolver import VersionedResolver

in_full = validation.validate_yaml_schema
parse = io.read_yaml
merge = TrainingData.merge
get_nlu_data = E2EImporter.get_nlu_data
growing = VersionedResolver.versioned_resolver.fget


class _Steady(dict):
    """The patterns by a scalar's first character; who asks for some may add to what they get."""

    def get(self, key: Any, default: Any = None) -> list[Any]:
        return list(super().get(key, default))


def steady_resolver(self: VersionedResolver) -> _Steady:
    version = self.processing_version
    if not isinstance(self._version_implicit_resolver.get(version), _Steady):
        self._version_implicit_resolver[version] = _Steady(growing(self))
    return self._version_implicit_resolver[version]


class _OnePass:
    """What was parsed to be checked is handed on to whoever reads it next."""

    def __init__(self) -> None:
        self.content, self.parsed = "", None

    def check(self, content: str) -> Any:
        self.content, self.parsed = content, parse(content)
        return self.parsed

    def read(self, content: str, reader_type: str | list[str] = "safe") -> Any:
        if self.parsed is None or content != self.content or reader_type != "safe":
            return parse(content, reader_type)
        parsed, self.parsed = self.parsed, None
        return parsed


one_pass = _OnePass()


def merged(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """TrainingData.merge; where all but one are empty there is nothing to do."""
    filled = [one for one in (self, *others) if one is not None and _holds_something(one)]
    return filled[0] if len(filled) == 1 else merge(self, *others)


def _in_any_language(self: E2EImporter, language: str | None = None) -> TrainingData:
    return get_nlu_data(self)


def _holds_something(data: TrainingData) -> bool:
    return any((data.training_examples, data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses))


def validate_yaml_schema(content: str, schema_path: str, package_name: str = constants.PACKAGE_NAME) -> None:
    """What Rasa's function of this name promises: raises YamlException, with the place, where the content is wrong."""
    try:
        _core(content, schema_path, package_name).validate(raise_exception=True)
    except (YAMLError, DuplicateKeyError, SchemaError):
        in_full(content, schema_path, package_name)


def _core(content: str, schema_path: str, package_name: str) -> Core:
    from pkg_resources import resource_filename  # as Rasa finds them

    ours = constants.PACKAGE_NAME
    schema = io.read_yaml_file(resource_filename(package_name, schema_path))
    shared = io.read_yaml_file(resource_filename(ours, constants.RESPONSES_SCHEMA_FILE))
    extensions = [resource_filename(ours, constants.SCHEMA_EXTENSIONS_FILE)]
    return Core(source_data=one_pass.check(content), schema_data={**schema, **shared}, extensions=extensions)


def install() -> None:
    """Let Rasa read its training data this way."""
    io.read_yaml = one_pass.read
    TrainingData.merge = merged
    E2EImporter.get_nlu_data = _in_any_language
    VersionedResolver.versioned_resolver = property(steady_resolver)
    validation.validate_yaml_schema = validate_yaml_schema
    RasaFileImporter.get_nlu_data = cached_method(RasaFileImporter.get_nlu_data)
