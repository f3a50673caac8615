"""What an operation may answer instead of a result: the service's own exceptions.

Gives   `OperationError` with HTTP status, name and message; one class for each exception of the service.
Source  X-Ray API reference, "Errors" of each operation, and "Common Errors".
"""

from typing import ClassVar


class OperationError(Exception):
    """The service answers with an exception. The message is what it says."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "InternalFailure"


class InvalidRequestError(OperationError):
    """The request is missing something, or has something that cannot be."""

    status = 400
    name = "InvalidRequestException"


class ThrottledError(OperationError):
    """Too many requests for now."""

    status = 429
    name = "ThrottledException"


class ResourceNotFoundError(OperationError):
    """What the request names is not there."""

    status = 404
    name = "ResourceNotFoundException"


class UnknownOperationError(OperationError):
    """There is no such operation."""

    status = 404
    name = "UnknownOperationException"


class RuleLimitExceededError(OperationError):
    """No more sampling rules."""

    status = 400
    name = "RuleLimitExceededException"


class TooManyTagsError(OperationError):
    """No more tags."""

    status = 400
    name = "TooManyTagsException"


class MalformedPolicyDocumentError(OperationError):
    """The resource policy is not JSON, or none that could be followed."""

    status = 400
    name = "MalformedPolicyDocumentException"


class InvalidPolicyRevisionIdError(OperationError):
    """The resource policy has been changed since that revision."""

    status = 400
    name = "InvalidPolicyRevisionIdException"


class PolicySizeLimitExceededError(OperationError):
    """The resource policy is too long."""

    status = 400
    name = "PolicySizeLimitExceededException"


class PolicyCountLimitExceededError(OperationError):
    """No more resource policies."""

    status = 400
    name = "PolicyCountLimitExceededException"
