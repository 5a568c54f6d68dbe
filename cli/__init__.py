"""The command line `andon`: one file per verb family; never a rule."""
