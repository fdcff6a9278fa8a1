"""Each operation bound to its endpoint. Generated from openapi/ by `make generate`; do not edit."""

import inspect
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, Literal, TypeAlias, cast

from tollhouse.endpoints import (
    accounts,
    api_keys,
    auth,
    catalogue,
    chat,
    completions,
    dashboard,
    docs,
    embeddings,
    keys,
    ledger,
    log,
    messages,
    metrics,
    models,
    moderations,
    passing,
    pricing,
    providers,
    quotes,
    responses,
    routes,
    static,
    stats,
    system,
    usage,
    user,
)
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.generated.models import (
    AddUpstreamKeyRequest,
    AdjustAccountRequest,
    ConnectWalletRequest,
    CountMessageTokensRequest,
    CreateAccountRequest,
    CreateApiKeyRequest,
    CreateChatCompletionRequest,
    CreateCompletionRequest,
    CreateEmbeddingRequest,
    CreateKeyRequest,
    CreateMessageRequest,
    CreateModerationRequest,
    CreateQuoteRequest,
    CreateResponseRequest,
    CreditAccountRequest,
    PauseProviderRequest,
    RotateKeyRequest,
    UpdateAccountRequest,
    UpdateKeyRequest,
    UseSignInLinkRequest,
)

Binding: TypeAlias = Callable[[Services, Request], Coroutine[Any, Any, Reply]]


async def add_upstream_key(services: Services, request: Request) -> Reply:
    """POST /providers/{provider}/keys: Add a key of a provider."""
    return await providers.add_upstream_key(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        body=cast(AddUpstreamKeyRequest, request.body),
    )


async def adjust_account(services: Services, request: Request) -> Reply:
    """POST /accounts/{account}/adjustments: Adjust an account."""
    return await accounts.adjust_account(
        services,
        request,
        account=cast(str, request.arguments["account"]),
        body=cast(AdjustAccountRequest, request.body),
    )


async def connect_wallet(services: Services, request: Request) -> Reply:
    """POST /auth/connect: Sign in with a wallet."""
    return await auth.connect_wallet(services, request, body=cast(ConnectWalletRequest, request.body))


async def count_message_tokens(services: Services, request: Request) -> Reply:
    """POST /messages/count_tokens: Count the tokens of a message."""
    return await messages.count_message_tokens(services, request, body=cast(CountMessageTokensRequest, request.body))


async def create_account(services: Services, request: Request) -> Reply:
    """POST /accounts: Create an account."""
    return await accounts.create_account(services, request, body=cast(CreateAccountRequest, request.body))


async def create_api_key(services: Services, request: Request) -> Reply:
    """POST /api-keys: Create an API key."""
    return await api_keys.create_api_key(services, request, body=cast(CreateApiKeyRequest, request.body))


async def create_chat_completion(services: Services, request: Request) -> Reply:
    """POST /chat/completions: Create a chat completion."""
    return await chat.create_chat_completion(services, request, body=cast(CreateChatCompletionRequest, request.body))


async def create_completion(services: Services, request: Request) -> Reply:
    """POST /completions: Create a text completion."""
    return await completions.create_completion(services, request, body=cast(CreateCompletionRequest, request.body))


async def create_embedding(services: Services, request: Request) -> Reply:
    """POST /embeddings: Create embeddings."""
    return await embeddings.create_embedding(services, request, body=cast(CreateEmbeddingRequest, request.body))


async def create_key(services: Services, request: Request) -> Reply:
    """POST /accounts/{account}/keys: Create an API key."""
    return await keys.create_key(
        services,
        request,
        account=cast(str, request.arguments["account"]),
        body=cast(CreateKeyRequest, request.body),
    )


async def create_message(services: Services, request: Request) -> Reply:
    """POST /messages: Create a message."""
    return await messages.create_message(services, request, body=cast(CreateMessageRequest, request.body))


async def create_moderation(services: Services, request: Request) -> Reply:
    """POST /moderations: Classify texts and images."""
    return await moderations.create_moderation(services, request, body=cast(CreateModerationRequest, request.body))


async def create_quote(services: Services, request: Request) -> Reply:
    """POST /quote: Price a call without making it."""
    return await quotes.create_quote(services, request, body=cast(CreateQuoteRequest, request.body))


async def create_response(services: Services, request: Request) -> Reply:
    """POST /responses: Create a response."""
    return await responses.create_response(services, request, body=cast(CreateResponseRequest, request.body))


async def create_sign_in_link(services: Services, request: Request) -> Reply:
    """POST /accounts/{account}/sign-in-links: Create a sign-in link."""
    return await accounts.create_sign_in_link(services, request, account=cast(str, request.arguments["account"]))


async def credit_account(services: Services, request: Request) -> Reply:
    """POST /accounts/{account}/credits: Credit an account."""
    return await accounts.credit_account(
        services,
        request,
        account=cast(str, request.arguments["account"]),
        body=cast(CreditAccountRequest, request.body),
    )


async def delete_api_key(services: Services, request: Request) -> Reply:
    """DELETE /api-keys/{key_id}: Deactivate an API key."""
    return await api_keys.delete_api_key(services, request, key_id=cast(str, request.arguments["key_id"]))


async def delete_provider_endpoint(services: Services, request: Request) -> Reply:
    """DELETE /{provider}/{endpoint}: Delete something at a provider."""
    return await passing.delete_provider_endpoint(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        endpoint=cast(str, request.arguments["endpoint"]),
    )


async def explain_route(services: Services, request: Request) -> Reply:
    """GET /routes: Explain a route."""
    return await routes.explain_route(
        services,
        request,
        model=cast(str, request.arguments["model"]),
        operation=cast(str | None, request.arguments.get("operation")),
    )


async def get_account(services: Services, request: Request) -> Reply:
    """GET /accounts/{account}: Get an account."""
    return await accounts.get_account(services, request, account=cast(str, request.arguments["account"]))


async def get_all_usage(services: Services, request: Request) -> Reply:
    """GET /usage: Get the usage of every account."""
    return await usage.get_all_usage(
        services,
        request,
        start=cast(str | None, request.arguments.get("from")),
        end=cast(str | None, request.arguments.get("to")),
        by=cast(str, request.arguments.get("by", "day,model")),
        account=cast(str | None, request.arguments.get("account")),
        key_id=cast(str | None, request.arguments.get("key")),
        written_as=cast(Literal["json", "csv"], request.arguments.get("format", "json")),
    )


async def get_dashboard(services: Services, request: Request) -> Reply:
    """GET /dashboard: Open the account's page."""
    return await dashboard.get_dashboard(services, request)


async def get_docs(services: Services, request: Request) -> Reply:
    """GET /docs: Read the documentation."""
    return await docs.get_docs(services, request, at=cast(str | None, request.arguments.get("at")))


async def get_health(services: Services, request: Request) -> Reply:
    """GET /health: Check the health of the service."""
    return await system.get_health(services, request)


async def get_key(services: Services, request: Request) -> Reply:
    """GET /keys/{key_id}: Get an API key."""
    return await keys.get_key(services, request, key_id=cast(str, request.arguments["key_id"]))


async def get_ledger_proof(services: Services, request: Request) -> Reply:
    """GET /ledger/proof: Read the books in a few numbers."""
    return await ledger.get_ledger_proof(services, request)


async def get_ledger_reconciliation(services: Services, request: Request) -> Reply:
    """GET /ledger/reconciliation: Reconcile the ledger."""
    return await ledger.get_ledger_reconciliation(
        services,
        request,
        limit=cast(int, request.arguments.get("limit", 100)),
        before=cast(str | None, request.arguments.get("before")),
    )


async def get_livez(services: Services, request: Request) -> Reply:
    """GET /livez: Check that the process is alive."""
    return await system.get_livez(services, request)


async def get_metrics(services: Services, request: Request) -> Reply:
    """GET /metrics: Read the metrics."""
    return await metrics.get_metrics(services, request)


async def get_model(services: Services, request: Request) -> Reply:
    """GET /models/{model}: Get one model."""
    return await models.get_model(services, request, model=cast(str, request.arguments["model"]))


async def get_pricing(services: Services, request: Request) -> Reply:
    """GET /docs/pricing: Read the price list."""
    return await pricing.get_pricing(
        services,
        request,
        format=cast(Literal["html", "json"] | None, request.arguments.get("format")),
    )


async def get_provider(services: Services, request: Request) -> Reply:
    """GET /providers/{provider}: Get a provider."""
    return await providers.get_provider(services, request, provider=cast(str, request.arguments["provider"]))


async def get_provider_endpoint(services: Services, request: Request) -> Reply:
    """GET /{provider}/{endpoint}: Read something at a provider."""
    return await passing.get_provider_endpoint(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        endpoint=cast(str, request.arguments["endpoint"]),
    )


async def get_readyz(services: Services, request: Request) -> Reply:
    """GET /readyz: Check that the service takes traffic."""
    return await system.get_readyz(services, request)


async def get_root(services: Services, request: Request) -> Reply:
    """GET /: Describe the service."""
    return await system.get_root(services, request)


async def get_sign_in_challenge(services: Services, request: Request) -> Reply:
    """GET /auth/nonce: Get what a wallet has to sign."""
    return await auth.get_sign_in_challenge(
        services,
        request,
        address=cast(str, request.arguments["address"]),
        chain_id=cast(int, request.arguments["chain_id"]),
    )


async def get_static_file(services: Services, request: Request) -> Reply:
    """GET /static/{file}: Get a file that a page needs."""
    return await static.get_static_file(
        services,
        request,
        file=cast(str, request.arguments["file"]),
        version=cast(str | None, request.arguments.get("v")),
    )


async def get_stats(services: Services, request: Request) -> Reply:
    """GET /stats: Count the tokens used so far."""
    return await stats.get_stats(services, request)


async def get_usage(services: Services, request: Request) -> Reply:
    """GET /usage: Get the account's usage."""
    return await usage.get_usage(
        services,
        request,
        start=cast(str | None, request.arguments.get("from")),
        end=cast(str | None, request.arguments.get("to")),
        by=cast(str, request.arguments.get("by", "day,model")),
        key_id=cast(str | None, request.arguments.get("key")),
        written_as=cast(Literal["json", "csv"], request.arguments.get("format", "json")),
    )


async def get_user_profile(services: Services, request: Request) -> Reply:
    """GET /user/profile: Get who signed in."""
    return await user.get_user_profile(services, request)


async def list_accounts(services: Services, request: Request) -> Reply:
    """GET /accounts: List the accounts."""
    return await accounts.list_accounts(services, request)


async def list_api_keys(services: Services, request: Request) -> Reply:
    """GET /api-keys: List the API keys."""
    return await api_keys.list_api_keys(services, request)


async def list_catalogue(services: Services, request: Request) -> Reply:
    """GET /models: List the models."""
    return await catalogue.list_catalogue(services, request)


async def list_keys(services: Services, request: Request) -> Reply:
    """GET /accounts/{account}/keys: List an account's API keys."""
    return await keys.list_keys(services, request, account=cast(str, request.arguments["account"]))


async def list_ledger_rows(services: Services, request: Request) -> Reply:
    """GET /ledger: List the ledger."""
    return await ledger.list_ledger_rows(
        services,
        request,
        account=cast(str | None, request.arguments.get("account")),
        request_id=cast(str | None, request.arguments.get("request")),
        limit=cast(int, request.arguments.get("limit", 100)),
        before=cast(str | None, request.arguments.get("before")),
    )


async def list_log_rows(services: Services, request: Request) -> Reply:
    """GET /log: List the log of administration."""
    return await log.list_log_rows(
        services,
        request,
        account=cast(str | None, request.arguments.get("account")),
        thing=cast(str | None, request.arguments.get("object")),
        action=cast(str | None, request.arguments.get("action")),
        limit=cast(int, request.arguments.get("limit", 100)),
        before=cast(str | None, request.arguments.get("before")),
    )


async def list_models(services: Services, request: Request) -> Reply:
    """GET /models: List the models."""
    return await models.list_models(services, request)


async def list_providers(services: Services, request: Request) -> Reply:
    """GET /providers: List the providers."""
    return await providers.list_providers(services, request)


async def list_public_catalogue(services: Services, request: Request) -> Reply:
    """GET /models/public: List the models for everybody."""
    return await catalogue.list_public_catalogue(services, request)


async def log_out(services: Services, request: Request) -> Reply:
    """POST /auth/logout: End this session."""
    return await auth.log_out(services, request)


async def log_out_everywhere(services: Services, request: Request) -> Reply:
    """POST /auth/logout-everywhere: End every session of the account."""
    return await auth.log_out_everywhere(services, request)


async def patch_provider_endpoint(services: Services, request: Request) -> Reply:
    """PATCH /{provider}/{endpoint}: Change something at a provider."""
    return await passing.patch_provider_endpoint(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        endpoint=cast(str, request.arguments["endpoint"]),
    )


async def pause_provider(services: Services, request: Request) -> Reply:
    """POST /providers/{provider}/pause: Pause a provider."""
    return await providers.pause_provider(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        body=cast(PauseProviderRequest, request.body),
    )


async def post_provider_endpoint(services: Services, request: Request) -> Reply:
    """POST /{provider}/{endpoint}: Call an endpoint of a provider."""
    return await passing.post_provider_endpoint(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        endpoint=cast(str, request.arguments["endpoint"]),
    )


async def put_provider_endpoint(services: Services, request: Request) -> Reply:
    """PUT /{provider}/{endpoint}: Replace something at a provider."""
    return await passing.put_provider_endpoint(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        endpoint=cast(str, request.arguments["endpoint"]),
    )


async def resume_provider(services: Services, request: Request) -> Reply:
    """POST /providers/{provider}/resume: Resume a provider."""
    return await providers.resume_provider(services, request, provider=cast(str, request.arguments["provider"]))


async def revoke_key(services: Services, request: Request) -> Reply:
    """DELETE /keys/{key_id}: Revoke an API key."""
    return await keys.revoke_key(services, request, key_id=cast(str, request.arguments["key_id"]))


async def revoke_upstream_key(services: Services, request: Request) -> Reply:
    """DELETE /providers/{provider}/keys/{key_id}: Revoke a key of a provider."""
    return await providers.revoke_upstream_key(
        services,
        request,
        provider=cast(str, request.arguments["provider"]),
        key_id=cast(str, request.arguments["key_id"]),
    )


async def rotate_key(services: Services, request: Request) -> Reply:
    """POST /keys/{key_id}/rotate: Rotate an API key."""
    return await keys.rotate_key(
        services,
        request,
        key_id=cast(str, request.arguments["key_id"]),
        body=cast(RotateKeyRequest, request.body),
    )


async def update_account(services: Services, request: Request) -> Reply:
    """PATCH /accounts/{account}: Change an account."""
    return await accounts.update_account(
        services,
        request,
        account=cast(str, request.arguments["account"]),
        body=cast(UpdateAccountRequest, request.body),
    )


async def update_key(services: Services, request: Request) -> Reply:
    """PATCH /keys/{key_id}: Change an API key."""
    return await keys.update_key(
        services,
        request,
        key_id=cast(str, request.arguments["key_id"]),
        body=cast(UpdateKeyRequest, request.body),
    )


async def use_sign_in_link(services: Services, request: Request) -> Reply:
    """POST /auth/link: Sign in with a link."""
    return await auth.use_sign_in_link(services, request, body=cast(UseSignInLinkRequest, request.body))


BINDINGS: Mapping[str, Binding] = MappingProxyType(
    {
        "add_upstream_key": add_upstream_key,
        "adjust_account": adjust_account,
        "connect_wallet": connect_wallet,
        "count_message_tokens": count_message_tokens,
        "create_account": create_account,
        "create_api_key": create_api_key,
        "create_chat_completion": create_chat_completion,
        "create_completion": create_completion,
        "create_embedding": create_embedding,
        "create_key": create_key,
        "create_message": create_message,
        "create_moderation": create_moderation,
        "create_quote": create_quote,
        "create_response": create_response,
        "create_sign_in_link": create_sign_in_link,
        "credit_account": credit_account,
        "delete_api_key": delete_api_key,
        "delete_provider_endpoint": delete_provider_endpoint,
        "explain_route": explain_route,
        "get_account": get_account,
        "get_all_usage": get_all_usage,
        "get_dashboard": get_dashboard,
        "get_docs": get_docs,
        "get_health": get_health,
        "get_key": get_key,
        "get_ledger_proof": get_ledger_proof,
        "get_ledger_reconciliation": get_ledger_reconciliation,
        "get_livez": get_livez,
        "get_metrics": get_metrics,
        "get_model": get_model,
        "get_pricing": get_pricing,
        "get_provider": get_provider,
        "get_provider_endpoint": get_provider_endpoint,
        "get_readyz": get_readyz,
        "get_root": get_root,
        "get_sign_in_challenge": get_sign_in_challenge,
        "get_static_file": get_static_file,
        "get_stats": get_stats,
        "get_usage": get_usage,
        "get_user_profile": get_user_profile,
        "list_accounts": list_accounts,
        "list_api_keys": list_api_keys,
        "list_catalogue": list_catalogue,
        "list_keys": list_keys,
        "list_ledger_rows": list_ledger_rows,
        "list_log_rows": list_log_rows,
        "list_models": list_models,
        "list_providers": list_providers,
        "list_public_catalogue": list_public_catalogue,
        "log_out": log_out,
        "log_out_everywhere": log_out_everywhere,
        "patch_provider_endpoint": patch_provider_endpoint,
        "pause_provider": pause_provider,
        "post_provider_endpoint": post_provider_endpoint,
        "put_provider_endpoint": put_provider_endpoint,
        "resume_provider": resume_provider,
        "revoke_key": revoke_key,
        "revoke_upstream_key": revoke_upstream_key,
        "rotate_key": rotate_key,
        "update_account": update_account,
        "update_key": update_key,
        "use_sign_in_link": use_sign_in_link,
    }
)


def check_endpoints() -> None:
    """Compare every endpoint with what its binding calls. Raises one TypeError that lists all that are missing or mistyped."""
    problems = [problem for expected in _EXPECTED for problem in _problems(expected)]
    if problems:
        raise TypeError("Endpoints do not fit their operations:\n" + "\n".join(problems))


@dataclass(frozen=True, slots=True)
class _Expected:
    """The endpoint that a binding calls: its file, its name, and what it takes by name with the types."""

    module: ModuleType
    name: str
    arguments: Mapping[str, str]


_EXPECTED = (
    _Expected(providers, "add_upstream_key", {"provider": "str", "body": "AddUpstreamKeyRequest"}),
    _Expected(accounts, "adjust_account", {"account": "str", "body": "AdjustAccountRequest"}),
    _Expected(auth, "connect_wallet", {"body": "ConnectWalletRequest"}),
    _Expected(messages, "count_message_tokens", {"body": "CountMessageTokensRequest"}),
    _Expected(accounts, "create_account", {"body": "CreateAccountRequest"}),
    _Expected(api_keys, "create_api_key", {"body": "CreateApiKeyRequest"}),
    _Expected(chat, "create_chat_completion", {"body": "CreateChatCompletionRequest"}),
    _Expected(completions, "create_completion", {"body": "CreateCompletionRequest"}),
    _Expected(embeddings, "create_embedding", {"body": "CreateEmbeddingRequest"}),
    _Expected(keys, "create_key", {"account": "str", "body": "CreateKeyRequest"}),
    _Expected(messages, "create_message", {"body": "CreateMessageRequest"}),
    _Expected(moderations, "create_moderation", {"body": "CreateModerationRequest"}),
    _Expected(quotes, "create_quote", {"body": "CreateQuoteRequest"}),
    _Expected(responses, "create_response", {"body": "CreateResponseRequest"}),
    _Expected(accounts, "create_sign_in_link", {"account": "str"}),
    _Expected(accounts, "credit_account", {"account": "str", "body": "CreditAccountRequest"}),
    _Expected(api_keys, "delete_api_key", {"key_id": "str"}),
    _Expected(passing, "delete_provider_endpoint", {"provider": "str", "endpoint": "str"}),
    _Expected(routes, "explain_route", {"model": "str", "operation": "str | None"}),
    _Expected(accounts, "get_account", {"account": "str"}),
    _Expected(
        usage,
        "get_all_usage",
        {
            "start": "str | None",
            "end": "str | None",
            "by": "str",
            "account": "str | None",
            "key_id": "str | None",
            "written_as": 'Literal["json", "csv"]',
        },
    ),
    _Expected(dashboard, "get_dashboard", {}),
    _Expected(docs, "get_docs", {"at": "str | None"}),
    _Expected(system, "get_health", {}),
    _Expected(keys, "get_key", {"key_id": "str"}),
    _Expected(ledger, "get_ledger_proof", {}),
    _Expected(ledger, "get_ledger_reconciliation", {"limit": "int", "before": "str | None"}),
    _Expected(system, "get_livez", {}),
    _Expected(metrics, "get_metrics", {}),
    _Expected(models, "get_model", {"model": "str"}),
    _Expected(pricing, "get_pricing", {"format": 'Literal["html", "json"] | None'}),
    _Expected(providers, "get_provider", {"provider": "str"}),
    _Expected(passing, "get_provider_endpoint", {"provider": "str", "endpoint": "str"}),
    _Expected(system, "get_readyz", {}),
    _Expected(system, "get_root", {}),
    _Expected(auth, "get_sign_in_challenge", {"address": "str", "chain_id": "int"}),
    _Expected(static, "get_static_file", {"file": "str", "version": "str | None"}),
    _Expected(stats, "get_stats", {}),
    _Expected(
        usage,
        "get_usage",
        {
            "start": "str | None",
            "end": "str | None",
            "by": "str",
            "key_id": "str | None",
            "written_as": 'Literal["json", "csv"]',
        },
    ),
    _Expected(user, "get_user_profile", {}),
    _Expected(accounts, "list_accounts", {}),
    _Expected(api_keys, "list_api_keys", {}),
    _Expected(catalogue, "list_catalogue", {}),
    _Expected(keys, "list_keys", {"account": "str"}),
    _Expected(
        ledger,
        "list_ledger_rows",
        {"account": "str | None", "request_id": "str | None", "limit": "int", "before": "str | None"},
    ),
    _Expected(
        log,
        "list_log_rows",
        {
            "account": "str | None",
            "thing": "str | None",
            "action": "str | None",
            "limit": "int",
            "before": "str | None",
        },
    ),
    _Expected(models, "list_models", {}),
    _Expected(providers, "list_providers", {}),
    _Expected(catalogue, "list_public_catalogue", {}),
    _Expected(auth, "log_out", {}),
    _Expected(auth, "log_out_everywhere", {}),
    _Expected(passing, "patch_provider_endpoint", {"provider": "str", "endpoint": "str"}),
    _Expected(providers, "pause_provider", {"provider": "str", "body": "PauseProviderRequest"}),
    _Expected(passing, "post_provider_endpoint", {"provider": "str", "endpoint": "str"}),
    _Expected(passing, "put_provider_endpoint", {"provider": "str", "endpoint": "str"}),
    _Expected(providers, "resume_provider", {"provider": "str"}),
    _Expected(keys, "revoke_key", {"key_id": "str"}),
    _Expected(providers, "revoke_upstream_key", {"provider": "str", "key_id": "str"}),
    _Expected(keys, "rotate_key", {"key_id": "str", "body": "RotateKeyRequest"}),
    _Expected(accounts, "update_account", {"account": "str", "body": "UpdateAccountRequest"}),
    _Expected(keys, "update_key", {"key_id": "str", "body": "UpdateKeyRequest"}),
    _Expected(auth, "use_sign_in_link", {"body": "UseSignInLinkRequest"}),
)


def _problems(expected: _Expected) -> Iterator[str]:
    """What is wrong with an endpoint, if anything."""
    endpoint = getattr(expected.module, expected.name, None)
    if endpoint is None:
        wrong = "is missing"
    elif not inspect.iscoroutinefunction(endpoint):
        wrong = "is not an `async def` function"
    elif not _takes(inspect.signature(endpoint), expected.arguments):
        wrong = f"takes {inspect.signature(endpoint)}"
    else:
        return
    yield f"{expected.module.__file__}: {expected.name} {wrong}; expected `{_wanted(expected)}`"


def _takes(signature: inspect.Signature, arguments: Mapping[str, str]) -> bool:
    """Whether a signature has two positional parameters, and exactly these that are passed by name."""
    parameters = list(signature.parameters.values())
    positional = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    named = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    return len(positional) == 2 and named == set(arguments) and len(parameters) == 2 + len(arguments)


def _wanted(expected: _Expected) -> str:
    """The first line that an endpoint should have."""
    named = [f"{name}: {annotation}" for name, annotation in expected.arguments.items()]
    parameters = ", ".join(["services: Services", "request: Request", *(["*", *named] if named else [])])
    return f"async def {expected.name}({parameters}) -> Reply"
