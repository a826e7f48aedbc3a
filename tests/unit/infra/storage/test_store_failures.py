"""Each failure of the store's client becomes an error that says what to do and whether to try again."""

from __future__ import annotations

from pathlib import Path

import pytest
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from infra.settings import StoreSettings
from infra.storage import failures
from infra.storage.failures import store_error, worth_retrying
from schemas.errors import StoreFull

STORE = StoreSettings(endpoint="s3:9000", bucket="ads")


def answer(code: str, message: str = "", status: int = 400) -> S3Error:
    return S3Error(HTTPResponse(status=status), code, message, None, None, None)


@pytest.mark.parametrize(
    ("error", "retried", "says"),
    [
        (ProtocolError("reset"), True, "does not answer"),
        (ServerError("bad gateway", 502), True, "failed"),
        (ServerError("what", 418), False, "failed"),
        (InvalidResponseError(503, "text/html", "<html>"), True, "failed"),
        (answer("SlowDown", status=503), True, "SlowDown"),
        (answer("XMinioIAMNotInitialized", status=503), True, "IAM"),
        (answer("RequestTimeout"), True, "RequestTimeout"),
        (answer("ConditionalRequestConflict", status=409), True, "Conflict"),
        (answer("InvalidAccessKeyId"), False, "store.access_key"),
        (answer("NoSuchBucket"), False, "correct store.bucket"),
        (answer("InvalidArgument"), False, "InvalidArgument"),
    ],
)
def test_what_is_retried(error: Exception, retried: bool, says: str) -> None:
    explanation = store_error(error, STORE)
    assert worth_retrying(explanation) is retried
    assert explanation.retryable is retried
    assert says in str(explanation)


@pytest.mark.parametrize(
    "error",
    [
        answer("XMinioStorageFull"),
        answer("InternalError", "write /data/7.dat: no space left on device"),
        answer("InternalError", "assign volume: No free volumes left!"),
        ServerError("full", 507),
    ],
)
def test_a_full_store_is_for_later_not_for_now(error: Exception) -> None:
    explanation = store_error(error, STORE)
    assert isinstance(explanation, StoreFull)
    assert explanation.retryable
    assert not worth_retrying(explanation)
    assert "free disk space" in str(explanation)


def test_an_unexplained_failure_of_a_store_on_a_full_disk_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = STORE.model_copy(update={"directory": tmp_path})
    unexplained = answer("InternalError", "We encountered an internal error, please try again.")
    monkeypatch.setattr(failures, "LOW_BYTES", 0)
    assert not isinstance(store_error(unexplained, here), StoreFull)
    monkeypatch.setattr(failures, "LOW_BYTES", 1 << 62)
    assert isinstance(store_error(unexplained, here), StoreFull)
    assert not isinstance(store_error(answer("SlowDown"), here), StoreFull)
    assert not isinstance(store_error(unexplained, STORE), StoreFull)
