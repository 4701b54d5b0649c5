"""I decide what is fair, from values alone: no clock, no database, no Rasa, standard library only."""
