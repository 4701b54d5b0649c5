"""What every model of a playbook's file is."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Unknown keys are refused: a misspelt key would be a rule that never works."""

    model_config = ConfigDict(extra="forbid", frozen=True)
