"""Examples and words for the shapes of an OpenAPI value."""


def example(schema, shapes):
    """A value of `schema`, made of the examples that its parts name; `shapes` are the components by name."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(_named(schema, shapes), shapes)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], shapes)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(schema["items"], shapes)]
    return {name: example(part, shapes) for name, part in schema.get("properties", {}).items()}


def type_label(schema):
    """(words, shape or None): the type of a field as the page tells it, and the shape that it links to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        first, *others = (type_label(one) for one in schema["anyOf"])
        return f"{first[0]} or {' or '.join(other[0] for other in others)}", first[1]
    if schema.get("type") == "array":
        words, shape = type_label(schema["items"])
        return f"list of {words}", shape
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}", None
    words = {"integer": "whole number", "string": "text", "boolean": "true or false", "null": "null"}
    if schema.get("format") in ("date", "date-time", "uri"):
        return {"date": "date", "date-time": "time", "uri": "address"}[schema["format"]], None
    return words.get(schema.get("type"), schema.get("type", "value")), None


def _named(schema, shapes):
    return shapes[schema["$ref"].rpartition("/")[2]]
