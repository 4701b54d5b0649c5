"""NLU components, one per file; `bot.nlu.pipeline` says in what order they run."""
