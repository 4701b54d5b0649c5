"""Validate config.yml, domain.yml and data/ as `rasa data validate --fail-on-warnings` does, without TensorFlow.

    python -m bot.validate

One of Rasa's checks is left out: that stories use every response. Ours are said by actions, and the playbook's own
check finds those that nobody says.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot import without_tensorflow
from bot.home import CHECKOUT

SAID_ALWAYS = "Slot auto-fill has been removed in 3.0"  # whatever the domain; Rasa hides it itself


def problems(checkout: Path) -> list[str]:
    """Every error and every warning that Rasa has about the training data."""
    without_tensorflow.install()
    import warnings

    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator
    from structlog.testing import capture_logs

    importer = TrainingDataImporter.load_from_config(
        str(checkout / "config.yml"), str(checkout / "domain.yml"), [str(checkout / "data")]
    )
    with capture_logs() as logs, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("ignore")
        warnings.filterwarnings("always", category=UserWarning, module="rasa")
        validator = Validator.from_importer(importer)
        checks = {
            "the domain": validator.verify_domain_validity(),
            "the intents": validator.verify_intents(ignore_warnings=False),
            "repeated examples": validator.verify_example_repetition_in_intents(ignore_warnings=False),
            "the intents of stories and rules": validator.verify_intents_in_stories(ignore_warnings=False),
            "the actions of stories and rules": validator.verify_actions_in_stories_rules(),
            "the slots": validator.verify_slot_mappings(),
            "the stories and rules": validator.verify_story_structure(ignore_warnings=False, max_history=seen(checkout)),
        }
    told = [str(log.get("event")) for log in logs if log.get("log_level") in ("error", "warning", "critical")]
    told += [str(w.message) for w in warned if not str(w.message).startswith(SAID_ALWAYS)]
    return told + [f"Rasa finds fault with {what}." for what, fine in checks.items() if not fine]


def seen(checkout: Path) -> int:
    """How many turns back the policies look: stories that part only further back contradict each other."""
    import yaml

    policies = yaml.safe_load((checkout / "config.yml").read_text(encoding="utf-8"))["policies"]
    return min(p["max_history"] for p in policies if "max_history" in p)


def main() -> int:
    found = problems(CHECKOUT)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
