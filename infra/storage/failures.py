"""What a failed call to the object store means, and what to do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError

from schemas.errors import StoreError, StoreFull

MISSING: Final = frozenset({"NoSuchKey", "NoSuchObject"})
EXISTS: Final = frozenset({"PreconditionFailed"})

_FULL_CODES: Final = frozenset(
    {"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage"}
)
_FULL_WORDS: Final = ("no space left", "no free volumes", "no writable volumes", "not enough data node", "quota")
"""SeaweedFS reports a full disk as InternalError; only its words tell."""
_CREDENTIAL_CODES: Final = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_BUSY_CODES: Final = frozenset(
    {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted"}
    | {"ConditionalRequestConflict", "XMinioServerNotInitialized"}
)

FAILURES: Final = (MinioException, HTTPError, OSError)
"""All that a call of the client raises when the store, and not the caller, is the reason."""


def explained(error: Exception, endpoint: str, bucket: str) -> StoreError:
    """`error` as the `StoreError` that says what happened, what to do, and whether a retry makes sense."""
    if isinstance(error, S3Error):
        return _from_answer(error, endpoint, bucket)
    if isinstance(error, ServerError | InvalidResponseError):
        status = _status(error)
        if status == HTTPStatus.INSUFFICIENT_STORAGE:
            return _full(endpoint, str(error))
        return StoreError(
            f"the object store at {endpoint} failed: {error}", retryable=status >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
    return StoreError(
        f"the object store at {endpoint} does not answer ({type(error).__name__}): "
        "check that it runs and that store.endpoint and store.secure are right"
    )


def _from_answer(error: S3Error, endpoint: str, bucket: str) -> StoreError:
    code, message = error.code or "", error.message or ""
    if code in _FULL_CODES or any(word in message.lower() for word in _FULL_WORDS):
        return _full(endpoint, message)
    if code in _CREDENTIAL_CODES:
        return StoreError(
            f"the object store at {endpoint} refuses the credentials ({code}): check store.access_key, "
            f"store.secret_key and that they may read and write bucket {bucket!r}",
            retryable=False,
        )
    if code == "NoSuchBucket":
        return StoreError(
            f"the object store at {endpoint} has no bucket {bucket!r}: create it, or correct store.bucket",
            retryable=False,
        )
    if code == "RequestTimeTooSkewed":
        return StoreError(f"this machine's clock and that of {endpoint} differ too far: set them by NTP")
    return StoreError(f"the object store at {endpoint} answers {code}: {message}", retryable=code in _BUSY_CODES)


def _full(endpoint: str, message: str) -> StoreFull:
    return StoreFull(
        f"the object store at {endpoint} has no space left ({message}): free disk space, raise the bucket's quota "
        "or expire old objects; work goes on by itself afterwards"
    )


def _status(error: ServerError | InvalidResponseError) -> int:
    return int(error.status_code if isinstance(error, ServerError) else error._code)  # noqa: SLF001
