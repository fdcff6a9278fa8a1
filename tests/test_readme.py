"""The README's promises about money: each sentence names the test that proves it, and that test is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROOF = re.compile(r'\]\((?P<file>tests/[\w/]+\.py) "(?P<test>(test_|Test)\w+)"\)')


def section(title: str) -> str:
    _, _, rest = (ROOT / "README.md").read_text().partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def claims(text: str) -> list[str]:
    """Each sentence of the prose and of the bullets, and each row of the tables without their heads."""
    found: list[str] = []
    for block in re.split(r"\n\n+|\n(?=[-|])", text.strip()):
        if set(block) <= set("|-: "):
            found.pop()  # the row above was the head
        elif block.startswith("|"):
            found.append(block)
        else:
            found += re.split(r"(?<=[.!?])\s+", " ".join(block.removeprefix("- ").split()))
    return found


def unproved(claim: str) -> list[str]:
    """What is wrong with the proofs of a claim."""
    proofs = list(PROOF.finditer(claim))
    if not proofs or claim.count("](tests/") != len(proofs):
        return ['needs links of the form [test](tests/test_x.py "test_name")']
    return [f"{proof[0]} leads nowhere" for proof in proofs if not exists(proof["file"], proof["test"])]


def exists(file: str, test: str) -> bool:
    path = ROOT / file
    named = rf"^(async )?def {re.escape(test)}\(|^{re.escape(test)} = \w+\.TestCase\b"  # a function, or a state machine
    return path.is_file() and re.search(named, path.read_text(), re.MULTILINE) is not None


@pytest.mark.parametrize("claim", claims(section("What you are charged for")), ids=lambda claim: claim[:60])
def test_every_claim_about_money_names_a_test_that_exists(claim: str) -> None:
    assert unproved(claim) == []


def test_a_claim_without_a_proof_is_seen() -> None:
    proof = '[test](tests/test_readme.py "test_a_claim_without_a_proof_is_seen")'
    text = f"It is so ({proof}). It is\nnot.\n\n- And ({proof}).\n- Or.\n\n| a | b |\n|---|---|\n| c | {proof} |\n| d | e |\n"
    assert [claim for claim in claims(text) if unproved(claim)] == ["It is not.", "Or.", "| d | e |"]
    assert len(claims(text)) == 6


@pytest.mark.parametrize(
    "link", ['tests/test_readme.py "test_nothing"', 'tests/nothing.py "test_x"', "tests/test_readme.py"]
)
def test_a_proof_that_leads_nowhere_is_seen(link: str) -> None:
    assert unproved(f"It is so ([test]({link})).") != []
