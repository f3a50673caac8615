"""`service`: the version of what runs.

Takes   the resource's attributes.
Gives   {"version"}; empty when the version is there but empty or no string; None without any source.
Source  xray-conversion.md, section 16.
"""

from raygate.span import Resource, Value


def build(resource: Resource) -> dict[str, str] | None:
    """The first source that is present decides, whatever its value."""
    attributes = resource.first
    tags = attributes.get("container.image.tags")
    version: Value
    if "service.version" in attributes:
        version = attributes["service.version"]
    elif isinstance(tags, list) and tags:
        version = tags[0]
    elif "container.image.tag" in attributes:
        version = attributes["container.image.tag"]
    else:
        return None
    return {"version": version} if isinstance(version, str) and version else {}
