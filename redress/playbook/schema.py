"""Write the JSON schemas of the playbook's files, so that an editor can help who changes them.

python -m redress.playbook.schema
"""

import json
from pathlib import Path

from redress.playbook.files import MODELS

FOLDER = Path(__file__).parents[2] / "playbook" / "schema"


def schemas() -> dict[str, str]:
    """Each schema file's name and text."""
    return {
        f"{name}.json": json.dumps(model.model_json_schema(), indent=1, ensure_ascii=False) + "\n"
        for name, model in MODELS.items()
    }


def write(folder: Path = FOLDER) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
    print(f"Wrote {len(MODELS)} schemas to playbook/schema/.")
