"""Examples and type labels for the schemas of an OpenAPI document."""


def example(schema, shapes):
    """Build a value of `schema` from the examples of its parts; `shapes` maps names to component schemas."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], shapes)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(schema["items"], shapes)]
    return {name: example(part, shapes) for name, part in schema.get("properties", {}).items()}


def type_label(schema):
    """Return (label, schema name or None): a field's type in words, and the schema that it links to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        first, *others = (type_label(choice) for choice in schema["anyOf"])
        return f"{first[0]} or {' or '.join(other[0] for other in others)}", first[1]
    if schema.get("type") == "array":
        label, shape = type_label(schema["items"])
        return f"list of {label}", shape
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}", None
    labels = {"integer": "whole number", "string": "text", "boolean": "true or false", "null": "null"}
    if schema.get("format") in ("date", "date-time", "uri"):
        return {"date": "date", "date-time": "date and time", "uri": "URL"}[schema["format"]], None
    return labels.get(schema.get("type"), schema.get("type", "value")), None
