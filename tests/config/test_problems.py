from tollhouse.config.problems import ConfigError, Problem, accepted_fix, errors_in, nearest


def test_a_problem_reads_as_file_line_key_message_and_fix() -> None:
    problem = Problem("providers.yaml", 12, "providers.openai.dialect", "is wrong", accepted_fix("opnai", ["openai"]))
    assert str(problem) == (
        'providers.yaml:12: providers.openai.dialect: is wrong; accepted: openai; did you mean "openai"?'
    )


def test_a_problem_leaves_out_what_it_does_not_know() -> None:
    assert str(Problem("environment", None, "SECRET_KEY", "is short")) == "environment: SECRET_KEY: is short"
    assert str(Problem("routes.yaml", 3, "", "is odd", level="warning")) == "routes.yaml:3: warning: is odd"


def test_the_error_says_every_problem() -> None:
    problems = (Problem("a", 1, "k", "one"), Problem("b", 2, "k", "two", level="warning"))
    assert str(ConfigError(problems)) == "a:1: k: one\nb:2: warning: k: two"
    assert ConfigError(problems).problems == problems


def test_warnings_alone_are_no_errors() -> None:
    assert not errors_in([Problem("a", 1, "k", "one", level="warning")])
    assert errors_in([Problem("a", 1, "k", "one")])


def test_the_nearest_spelling_ignores_case() -> None:
    assert nearest("HARD", ["soft", "hard"]) == 'did you mean "hard"?'
    assert nearest("zzz", ["soft", "hard"]) == ""
