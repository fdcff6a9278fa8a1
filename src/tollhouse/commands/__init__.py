"""The commands, a file for each group of them; `tollhouse.cli` lists them all."""
