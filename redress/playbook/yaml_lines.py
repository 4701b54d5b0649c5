"""Read a YAML file and remember on which line each part of it stands, so that an error can be found."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from redress.playbook.errors import PlaybookBroken

type Where = tuple[str | int, ...]

BOOL = "tag:yaml.org,2002:bool"


_Base = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # libyaml is ten times as fast


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """YAML in which only `true` and `false` are yes and no: `off`, `on`, `yes` and `no` are words."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOL]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(BOOL, re.compile(r"^(?:true|false)$"), ["t", "f"])


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its name as people know it, its text, its content, and the line of every part."""

    name: str
    text: str
    content: object
    lines: Mapping[Where, int]

    def at(self, *where: str | int) -> str:
        """`playbook/policy.yml, line 12`: the place of a part, or of the nearest part around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return f"{self.name}, line {self.lines.get(where, 1)}"


def read(path: Path, name: str) -> Document:
    """Read one file, or say what keeps it from being read."""
    text = _text(path, name)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        content = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        raise PlaybookBroken([_not_yaml(name, error)]) from error
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise PlaybookBroken([f"{name} cannot be read as YAML ({reason}): correct it."]) from error
    finally:
        loader.dispose()
    if node is None:
        raise PlaybookBroken([f"{name} is empty: put its content back."])
    lines: dict[Where, int] = {(): 1}
    if doubled := list(_walk(node, (), lines)):
        raise PlaybookBroken(f"{name}, {d}" for d in doubled)
    return Document(name, text, content, lines)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PlaybookBroken([f"{name} is missing: put the file back."]) from error
    except UnicodeDecodeError as error:
        raise PlaybookBroken([f"{name} is not text in UTF-8: save it as UTF-8."]) from error
    except OSError as error:
        raise PlaybookBroken([f"{name} cannot be opened ({error.strerror}): check the file."]) from error


def _not_yaml(name: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    return (
        f"{name}, line {line}: this is not YAML ({error.problem}): check the indent, the colons and the quotes here."
    )


def _walk(node: yaml.Node, where: Where, lines: dict[Where, int]) -> Iterator[str]:
    """Note the line of every part; yield a sentence for every key that stands twice."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield f"line {line}: `{key.value}` stands here a second time: keep one of the two."
            seen.add(key.value)
            lines[*where, key.value] = line
            yield from _walk(value, (*where, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[*where, index] = value.start_mark.line + 1
            yield from _walk(value, (*where, index), lines)
