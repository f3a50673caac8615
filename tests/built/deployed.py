"""The built ingest function behind a gateway: as it would be deployed, on this machine.

Takes   a folder to lay functions out in, and what their environment has beside the template's own variables.
Gives   `deployed`: a gateway with as many execution environments as are asked for.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.built.artefact import FUNCTIONS
from tests.built.emulator import running
from tests.built.gateway import Gateway, serving
from tests.project.test_template import environment

NAME: Final = "IngestFunction"
TIMEOUT: Final = "AWS_LAMBDA_FUNCTION_TIMEOUT"
"""The emulator's name for the function's limit, in seconds."""


@contextmanager
def deployed(folder: Path, variables: Mapping[str, str], count: int = 1) -> Iterator[Gateway]:
    """Serve the function until the block ends."""
    own = environment(NAME) | {TIMEOUT: str(FUNCTIONS[NAME]["Timeout"])} | dict(variables)
    with ExitStack() as stack:
        functions = []
        for number in range(count):
            place = folder / str(number)
            place.mkdir(parents=True)
            functions.append(stack.enter_context(running(NAME, place, own)).invoke)
        yield stack.enter_context(serving(functions))
