"""Whether the bill survives `kill -9` under load, again and again: `make crash`."""
