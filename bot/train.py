"""Train a model from the checkout's config.yml, domain.yml and data/.

python -m bot.train models/name.tar.gz [--checkout DIR]
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from bot import without_tensorflow
from bot.home import CHECKOUT
from bot.nlu import ahead
from bot.understand import quiet


def train(checkout: Path, out: Path) -> int:
    """Rasa's own training, whose result goes to `out`."""
    ahead.begin(checkout)
    without_tensorflow.install()
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    from bot import quick_reading  # after the stand-in for TensorFlow: it imports Rasa

    quick_reading.install()
    quiet()
    logging.getLogger("rasa").setLevel(logging.INFO)
    try:
        result = rasa_train(
            domain=str(checkout / "domain.yml"),
            config=str(checkout / "config.yml"),
            training_files=[str(checkout / "data")],
            output=str(out.parent),
            fixed_model_name=out.name,
        )
    except (RasaException, OSError, ValueError) as error:
        logging.getLogger(__name__).debug("Training failed.", exc_info=True)
        cause = _cause(error)
        print(" ".join(f"{type(cause).__name__}: {cause}".split()), file=sys.stderr)
        return 1
    finally:
        ahead.end()
    return int(result.code)


def _cause(error: BaseException) -> BaseException:
    """What went wrong first: Rasa tells of an error in a component only which component it was."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def main() -> int:
    parser = argparse.ArgumentParser(description="Train the engine's model.")
    parser.add_argument("out", type=Path, help="the model file to write, ending in .tar.gz")
    parser.add_argument("--checkout", type=Path, default=CHECKOUT, help="where config.yml, domain.yml and data/ are")
    options = parser.parse_args()
    return train(options.checkout, options.out.absolute())


if __name__ == "__main__":
    sys.exit(main())
