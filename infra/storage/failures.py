"""What a failed call to the object store means, and what to do about it."""

from __future__ import annotations

import shutil
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError

from infra.settings import StoreSettings
from schemas.errors import StoreError, StoreFull

MISSING: Final = frozenset({"NoSuchKey", "NoSuchObject"})
EXISTS: Final = frozenset({"PreconditionFailed"})

_FULL_CODES: Final = frozenset(
    {"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage"}
)
_FULL_WORDS: Final = ("no space left", "no free volumes", "no writable volumes", "quota")
LOW_BYTES: Final = 64 * 1024 * 1024
"""Free bytes below which a store that fails without a reason is taken to be full: a pause too many costs little."""
_CREDENTIAL_CODES: Final = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_BUSY_CODES: Final = frozenset({"RequestTimeout", "OperationAborted", "ConditionalRequestConflict"})
"""Codes below 500 that may pass at a second attempt; all from 500 on are errors of the store itself."""

FAILURES: Final = (MinioException, HTTPError, aiohttp.ClientError, OSError)
"""All that a call of the clients raises when the store, and not the caller, is the reason."""


def store_error(error: Exception, settings: StoreSettings) -> StoreError:
    """`error` as the `StoreError` that says what happened, what to do, and whether a retry makes sense."""
    endpoint, bucket = settings.endpoint or "", settings.bucket
    if _disk_is_full(error, settings.directory):
        return _full(endpoint, f"{settings.directory} is on a full disk")
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
        f"the object store at {endpoint} does not answer ({type(error.__cause__ or error).__name__}): "
        "check that it runs and that store.endpoint and store.secure are right"
    )


def worth_retrying(error: Exception) -> bool:
    """A full store stays full for longer than a call may wait: its jobs come back through their retry topics."""
    return isinstance(error, StoreError) and error.retryable and not isinstance(error, StoreFull)


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
    return StoreError(f"the object store at {endpoint} answers {code}: {message}", retryable=_is_busy(error))


def _is_busy(error: S3Error) -> bool:
    """A store that starts or is overrun has many codes; that it is at fault, and not the caller, has one form."""
    return error.code in _BUSY_CODES or error.response.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _disk_is_full(error: Exception, directory: Path | None) -> bool:
    """SeaweedFS answers InternalError without a reason when its disk is full; so ask the disk."""
    failed = isinstance(error, S3Error) and error.code == "InternalError"
    try:
        return failed and directory is not None and shutil.disk_usage(directory).free < LOW_BYTES
    except OSError:
        return False


def _full(endpoint: str, message: str) -> StoreFull:
    return StoreFull(
        f"the object store at {endpoint} has no space left ({message}): free disk space, raise the bucket's quota "
        "or expire old objects; work goes on by itself afterwards"
    )


def _status(error: ServerError | InvalidResponseError) -> int:
    return int(error.status_code if isinstance(error, ServerError) else error._code)  # noqa: SLF001
