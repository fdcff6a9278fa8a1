"""Calls of the cases in the words of a language: they are written in the words of the plan, which Python's library takes as they are."""

from collections.abc import Mapping
from typing import Any

from codegen.sdk import Sdk
from codegen.typescript_names import argument_names, camel_case, method_name, option_name, resource_name

_OPTIONS = {
    "extra_body": "extraBody",
    "extra_headers": "extraHeaders",
    "extra_query": "extraQuery",
    "max_retries": "maxRetries",
}


def in_python(sdk: Sdk, call: Mapping[str, Any]) -> dict[str, Any]:
    """`{call: boats.list_boats, with: {limit: 2, max_retries: 0}}` as it is."""
    return {"call": call["call"], "with": call.get("with", {})}


def in_typescript(sdk: Sdk, call: Mapping[str, Any]) -> dict[str, Any]:
    """The same as `{call: boats.listBoats, with: [{limit: 2}, {maxRetries: 0}]}`; a method that takes nothing has only options."""
    tag, operation = call["call"].split(".")
    (resource,) = [each for each in sdk.resources if each.name == tag]
    (method,) = [each for each in resource.methods if each.name == operation]
    names, given, options = argument_names(method), {}, {}
    for name, value in call.get("with", {}).items():
        if name in names:
            given[names[name]] = value
        elif name == "timeout":
            options["timeoutMs"] = value * 1000
        elif name in _OPTIONS:
            options[_OPTIONS[name]] = value
        else:
            given[name] = value
    takes = [given, options] if method.arguments or given else [options]
    return {"call": f"{resource_name(resource)}.{method_name(method)}", "with": takes}


def typescript_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a client: its own in camelCase, credentials as the library calls them."""
    own = {"base_url", "max_retries", "default_headers"}
    return {camel_case(name) if name in own else option_name(name): value for name, value in options.items()}


def python_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a client as they are."""
    return dict(options)
