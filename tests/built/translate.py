"""`template.yaml` as CloudFormation gets it: SAM's own translator, in the environment that has it, `.venv-sam`.

Takes   a template, and parameters as JSON; packaged, as `sam deploy` packages it: code lies in a bucket.
Gives   the translated template on standard output. As a program, since the SAM CLI's pins are not ours.
"""

import json
import sys
from pathlib import Path
from typing import Any

from boto3 import Session
from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.parser.parser import Parser  # type: ignore[import-not-found]
from samtranslator.translator.translator import Translator  # type: ignore[import-not-found]

CODE = ("CodeUri", "ContentUri")


def main(file: str, given: str) -> None:
    """Translate it."""
    template: dict[str, Any] = yaml_parse(Path(file).read_text())
    parameters: dict[str, str] = json.loads(given)
    mark = parameters.pop("RaygateLayerKey", "RaygateLayer")
    for name, row in template["Resources"].items():
        for property_name in CODE:
            if property_name in row.get("Properties", {}):
                key = mark if name == "RaygateLayer" else name
                row["Properties"][property_name] = f"s3://artefacts/{key}.zip"
    defaults = {name: row.get("Default") for name, row in template["Parameters"].items()}
    translator = Translator({}, Parser(), None, Session(region_name="eu-west-1"))
    json.dump(translator.translate(template, defaults | parameters), sys.stdout)


main(*sys.argv[1:])
