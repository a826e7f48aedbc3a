from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import SecretStr

from infra.settings import PREFIX, InvalidSettings, KafkaSettings, Settings, StoreSettings, environment, load


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_environment_goes_over_the_file_over_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "brushfire.toml").write_text('ephemeral = true\n[kafka]\npartitions = 8\n[store]\nbucket = "ads"\n')
    monkeypatch.setenv("BRUSHFIRE_KAFKA__PARTITIONS", "12")
    settings = load(usd_per_cpu_hour=1.0)
    assert (settings.kafka.partitions, settings.store.bucket, settings.ephemeral) == (12, "ads", True)
    assert settings.usd_per_cpu_hour == 1.0
    assert settings.kafka.addresses is None


def test_another_file_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[kafka]\npartitions = 2\n")
    (tmp_path / "b.toml").write_text("[kafka]\npartitions = 3\n")
    monkeypatch.setenv("BRUSHFIRE_CONFIG", "a.toml")
    assert load().kafka.partitions == 2
    assert load(Path("b.toml")).kafka.partitions == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[kafka]\npartitons = 3", r"kafka\.partitons: there is no such setting; did you mean 'partitions'\?"),
        ("ephemerall = true", r"ephemerall: there is no such setting; did you mean 'ephemeral'\?"),
        ("[kafka]\npartitions = 0", r"kafka\.partitions: .*greater than or equal to 1"),
        ('[kafka]\naddresses = ["broker"]', r"kafka\.addresses: .*'broker' is no address; write host:port"),
        ("[kafka]\naddresses = []", r"leave it out to have the embedded broker"),
        ('[store]\nendpoint = "http://s3:9000"', r"store\.endpoint: .*without http://"),
        ("[kafka", r"brushfire\.toml: cannot be read as TOML"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "brushfire.toml").write_text(text)
    with pytest.raises(InvalidSettings, match=message):
        load()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("BRUSHFIRE_KAFFKA__PARTITIONS", "there is no setting 'kaffka'; did you mean 'kafka'"),
        ("BRUSHFIRE_KAFKA__PARTITONS", "did you mean 'partitions'"),
        ("BRUSHFIRE_KAFKA", "a group's key is written BRUSHFIRE_GROUP__KEY"),
        ("BRUSHFIRE_CONFIG", "there is no such settings file"),
    ],
)
def test_a_misspelt_variable_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, name: str, message: str) -> None:
    monkeypatch.setenv(name, "7")
    with pytest.raises(InvalidSettings, match=message):
        load()


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUSHFIRE_STORE__SECRET_KEY", "hush")
    settings = load()
    assert "hush" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert environment(settings)["BRUSHFIRE_STORE__SECRET_KEY"] == "hush"


names = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
addresses = st.builds("{}:{}".format, names, st.integers(1, 65535))


@examples(max_examples=25)
@given(
    kafka=st.builds(
        KafkaSettings, addresses=st.none() | st.lists(addresses, min_size=1).map(tuple), partitions=st.integers(1, 99)
    ),
    store=st.builds(
        StoreSettings,
        endpoint=st.none() | addresses,
        secret_key=st.none() | st.text("ab,[]{}\"' =", min_size=1).map(SecretStr),
        secure=st.booleans(),
    ),
    ephemeral=st.booleans(),
    price=st.floats(0, 10),
)
def test_a_child_process_gets_the_same_settings(
    kafka: KafkaSettings, store: StoreSettings, ephemeral: bool, price: float
) -> None:
    settings = Settings(kafka=kafka, store=store, ephemeral=ephemeral, usd_per_cpu_hour=price, data=Path("/d"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(settings).items():
            patch.setenv(name, value)
        assert load() == settings
