"""`python -m tollhouse` and the `tollhouse` command."""

import warnings


def main() -> None:
    # Connexion 3.3 imports Starlette's test client, which (1.7 and later) warns people that it prefers another library.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from tollhouse.cli import main as run

    run()


if __name__ == "__main__":
    main()
