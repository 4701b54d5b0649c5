"""Read training data once, and check it against Rasa's schemas without its slow parser: that was half of a training.

Rasa parses every file a second time, in pure Python, so that an error can name its line. Here that is done only when
there is an error to tell of. It also reads all messages twice, once for the responses that might stand among them.
"""

from __future__ import annotations

from pykwalify.core import Core
from pykwalify.errors import SchemaError
from rasa.shared import constants
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils import io, validation
from rasa.shared.utils.common import cached_method
from ruamel.yaml import YAMLError
from ruamel.yaml.constructor import DuplicateKeyError

in_full = validation.validate_yaml_schema


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
    return Core(source_data=io.read_yaml(content), schema_data={**schema, **shared}, extensions=extensions)


def install() -> None:
    """Let Rasa read its training data this way."""
    validation.validate_yaml_schema = validate_yaml_schema
    RasaFileImporter.get_nlu_data = cached_method(RasaFileImporter.get_nlu_data)
