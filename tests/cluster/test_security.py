"""The security settings of broker and store, without a server: part of the default tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import SecretStr

from infra.kafka.app import make_app
from infra.kafka.security import advice, client_options
from infra.settings import PREFIX, KafkaSettings, Settings, StoreSettings, environment, load
from schemas.errors import InvalidSettings

WHERE: dict[str, Any] = {"addresses": ("kafka-1:9092",)}
LOGIN: dict[str, Any] = {"user": "ada", "password": SecretStr("open-sesame")}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('security_protocol = "SSL"', "needs addresses: the embedded broker speaks PLAINTEXT"),
        ('addresses = "k:1"\nsecurity_protocol = "SASL_SSL"\nuser = "ada"', "user and password belong to"),
        ('addresses = "k:1"\nuser = "ada"\npassword = "x"', "user and password belong to"),
        ('addresses = "k:1"\nsecurity_protocol = "SSL"\npassword = "x"', "user and password belong to"),
        ('addresses = "k:1"\nca_file = "ca.crt"', "need security_protocol SSL or SASL_SSL"),
        ('addresses = "k:1"\nsecurity_protocol = "SSL"\nkey_file = "a.key"', "go together"),
        ('addresses = "k:1"\nsecurity_protocol = "TLS"', "PLAINTEXT.*SASL_SSL"),
        ('addresses = "k:1"\nsasl_mechanism = "GSSAPI"', "PLAIN.*SCRAM-SHA-512"),
        ('addresses = "k:1"\npasword = "x"', "did you mean 'password'"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "brushfire.toml").write_text("[kafka]\n" + text)
    with pytest.raises(InvalidSettings, match=rf"^kafka.*{message}"):
        load()


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kafka = KafkaSettings(**WHERE, security_protocol="SASL_PLAINTEXT", **LOGIN)
    settings = Settings(kafka=kafka, data=tmp_path)
    app = make_app("router", settings, 1)
    credentials = app.conf.broker_credentials
    shown = (repr(settings), str(settings), settings.model_dump_json(), repr(credentials), repr(app), repr(app.conf))
    assert not any("open-sesame" in text for text in shown)
    assert environment(settings)["BRUSHFIRE_KAFKA__PASSWORD"] == "open-sesame"


def test_plaintext_needs_nothing(tmp_path: Path) -> None:
    options = client_options(KafkaSettings(**WHERE))
    assert options == {"bootstrap_servers": ["kafka-1:9092"], "security_protocol": "PLAINTEXT"}
    assert client_options(("kafka-1:9092",)) == {"bootstrap_servers": ["kafka-1:9092"]}
    app = make_app("router", Settings(kafka=KafkaSettings(**WHERE), data=tmp_path), 1)
    assert app.conf.broker_credentials is None


@pytest.mark.parametrize("protocol", ["SSL", "SASL_SSL"])
def test_certificates_and_host_names_are_always_checked(protocol: Any) -> None:
    login = LOGIN if protocol == "SASL_SSL" else {}
    options = client_options(KafkaSettings(**WHERE, security_protocol=protocol, **login))
    assert options["ssl_context"].check_hostname
    assert options["ssl_context"].verify_mode.name == "CERT_REQUIRED"


def test_the_advice_names_what_counts() -> None:
    told = advice(KafkaSettings(**WHERE, security_protocol="SASL_PLAINTEXT", **LOGIN))
    assert told == (
        "kafka.addresses, kafka.security_protocol, kafka.sasl_mechanism, kafka.user and kafka.password"
    )  # fmt: skip
    assert "certificate_file" in advice(KafkaSettings(**WHERE, security_protocol="SSL"))
    assert advice(("kafka-1:9092",)) == "kafka.addresses and kafka.security_protocol"


texts = st.text("ab,:[]{}\"'\\ =#$", min_size=1)
logins = st.fixed_dictionaries({"user": texts, "password": texts.map(SecretStr)})
ways = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"security_protocol": st.just("SSL"), "ca_file": st.none() | st.just(Path("/ca.crt"))}),
    st.tuples(st.sampled_from(["SASL_PLAINTEXT", "SASL_SSL"]), logins).map(
        lambda chosen: {"security_protocol": chosen[0], **chosen[1]}
    ),
)


@examples(max_examples=40)
@given(way=ways, mechanism=st.sampled_from(["PLAIN", "SCRAM-SHA-256"]), ca=st.none() | st.just(Path("/store.crt")))
def test_a_child_process_gets_the_same_settings(way: dict[str, Any], mechanism: Any, ca: Path | None) -> None:
    kafka = KafkaSettings(**WHERE, **way, sasl_mechanism=mechanism)
    settings = Settings(kafka=kafka, store=StoreSettings(ca_file=ca), data=Path("/d"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(settings).items():
            patch.setenv(name, value)
        assert load() == settings
