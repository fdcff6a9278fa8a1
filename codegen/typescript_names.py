"""What things are called in the TypeScript library: methods and options in camelCase, arguments as on the wire.

TypeScript users expect `client.apiKeys.createApiKey`; the operationId is in the comment of the method, so that one grep still prints the
whole path. Arguments keep the names that the API's own documentation uses, except where `x-argument` gives another.
"""

import keyword
from collections.abc import Mapping

from codegen.names import legal_name, pascal_case
from codegen.sdk import Argument, Method, Resource, Sdk

_TAKEN_METHODS = frozenset({"constructor", "withRawResponse"})
_TAKEN_RESOURCES = frozenset({"constructor"})
_TAKEN_OPTIONS = frozenset({"baseUrl", "defaultHeaders", "fetch", "maxRetries", "timeoutMs"})
# What the modules of resources mention besides their own classes.
_TAKEN_CLASSES = frozenset({"CallOptions", "Page", "Promise", "RawResponse", "Stream", "Transport", "Uint8Array"})


def camel_case(name: str) -> str:
    """A name in snake_case as one in camelCase: `create_chat_completion` as `createChatCompletion`.

    A `_` before a digit stays, so that different names stay different; the `_` behind a keyword of Python goes.
    """
    bare = name.rstrip("_")
    first, *rest = bare.split("_")
    joined = first + "".join(f"_{word}" if word[:1].isdigit() else word[:1].upper() + word[1:] for word in rest)
    return joined if keyword.iskeyword(bare) else joined + name[len(bare) :]


def resource_name(resource: Resource) -> str:
    """The property of the client that holds a resource."""
    return _free(camel_case(resource.name), _TAKEN_RESOURCES)


def class_name(resource: Resource, sdk: Sdk) -> str:
    """The class of a resource."""
    taken = resource.class_name in _TAKEN_CLASSES or resource.class_name == sdk.package.client
    return f"{resource.class_name}Resource" if taken else resource.class_name


def method_name(method: Method) -> str:
    """A method, and the constant of its operation."""
    return _free(camel_case(method.name), _TAKEN_METHODS)


def params_name(method: Method) -> str:
    """The interface of what a method takes."""
    return f"{pascal_case(method.name)}Params"


def option_name(option: str) -> str:
    """The client's option that holds a credential."""
    return _free(camel_case(option), _TAKEN_OPTIONS)


def argument_names(method: Method) -> Mapping[str, str]:
    """The arguments of a method, by their names in the plan; a property of the body gives way to a parameter."""
    given = {parameter.name: parameter.argument for parameter in method.operation.parameters}
    names: dict[str, str] = {}
    for argument in method.arguments:
        name = _called(argument, given)
        if argument.place == "body" and name in names.values():
            name = f"body_{name}"
        names[argument.name] = _free(name, frozenset(names.values()))
    return names


def _called(argument: Argument, given: Mapping[str, str]) -> str:
    if argument.place == "content":
        return "body"
    renamed = given.get(argument.wire) if argument.place != "body" else None
    return argument.wire if renamed is None or renamed == legal_name(argument.wire) else renamed


def _free(name: str, taken: frozenset[str]) -> str:
    while name in taken:
        name += "_"
    return name
