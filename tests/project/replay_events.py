"""The events of the replay function: requests as somebody sends them, and what AWS's services send.

Gives   `REPLAY_EVENTS`, by the file's name.
Source  S3 user guide, "Event message structure"; EventBridge's events of S3 and of schedules.
"""

from typing import Any, Final

ARCHIVE: Final = {
    "replay": "archive",
    "tenant": "shop",
    "from": "2026-11-22T12:00:00Z",
    "to": "2026-11-22T14:00:00Z",
    "rate": 500,
    "dry_run": False,
}

RESUME: Final = {"replay": "resume", "id": "archive-20261122T140000-1f2e", "rate": 500}

NOTIFICATION: Final = {
    "Records": [
        {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "eu-west-1",
            "eventTime": "2026-11-22T12:00:00.000Z",
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "AWS:AROAEXAMPLE:backup"},
            "requestParameters": {"sourceIPAddress": "203.0.113.7"},
            "responseElements": {
                "x-amz-request-id": "C3D13FE58DE4C810",
                "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9",
            },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "otlp",
                "bucket": {
                    "name": "otlp-files",
                    "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                    "arn": "arn:aws:s3:::otlp-files",
                },
                "object": {
                    "key": "day%3D2026-11-22/part+1.json.gz",
                    "size": 1024,
                    "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                    "sequencer": "0055AED6DCD90281E5",
                },
            },
        }
    ]
}

CREATED: Final = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "123456789012",
    "time": "2026-11-22T12:00:00Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:s3:::otlp-files"],
    "detail": {
        "version": "0",
        "bucket": {"name": "otlp-files"},
        "object": {
            "key": "day=2026-11-22/part 1.json.gz",
            "size": 1024,
            "etag": "d41d8cd98f00b204e9800998ecf8427e",
            "sequencer": "0055AED6DCD90281E5",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "203.0.113.7",
        "reason": "PutObject",
    },
}

SCHEDULE: Final = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-11-22T12:00:00Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:events:eu-west-1:123456789012:rule/raygate-replay"],
    "detail": {},
}

REPLAY_EVENTS: Final[dict[str, dict[str, Any]]] = {
    "replay_archive.json": ARCHIVE,
    "replay_dead_letters.json": {"replay": "dead-letters", "rate": 500, "dry_run": False},
    "replay_parked.json": {"replay": "parked", "tenant": "shop", "code": "InvalidSegment", "dry_run": False},
    "replay_object.json": {"replay": "object", "bucket": "otlp-files", "key": "day=2026-11-22/part 1.json.gz"},
    "replay_resume.json": RESUME,
    "replay_schedule.json": SCHEDULE,
    "s3_notification.json": NOTIFICATION,
    "eventbridge_object.json": CREATED,
}
