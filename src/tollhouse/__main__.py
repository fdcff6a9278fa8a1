"""`python -m tollhouse` and the `tollhouse` command."""

from tollhouse.cli import main

if __name__ == "__main__":
    main()
