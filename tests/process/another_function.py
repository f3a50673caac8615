"""A function that is none of ours."""


def handler(_event: object, _context: object) -> dict[str, int]:
    """Something else."""
    return {"statusCode": 200}
