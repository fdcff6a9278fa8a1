"""Clients that call until the gateway is killed, and remember whatever reached them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.crash.plan import CLIENTS, CREDIT, FAILING, Operation, Round, operations
from benchmarks.crash.script import is_whole, request_of
from tests.gateway import ADMIN_TOKEN, GatewayProcess, bearer

TIMEOUT_S = 10.0

# How a call ended for its client.
COMPLETE = "complete"  # the whole answer is there
FAILED = "failed"  # upstream failed before its first byte, and the client was told
LEFT = "left"  # the client hung up in the middle
CUT_OFF = "cut off"  # the answer had begun when the gateway was killed
UNANSWERED = "unanswered"  # the gateway was killed before the answer began
UNEXPECTED = "unexpected"  # none of these: a status nobody asked for, a connection lost while the gateway lived


@dataclass(slots=True)
class Answer:
    """What one call brought. `account` is who pays, or who is credited."""

    operation: Operation
    account: str
    request_id: str | None = None  # from the headers of the answer
    status: int | None = None
    body: bytes = b""
    left: bool = False
    end: str = UNANSWERED

    def __str__(self) -> str:
        shown = f"{self.operation.name} ({self.operation.kind}) {self.request_id}: {self.end}, status {self.status}"
        return f"{shown}, {self.body[-200:]!r}"


@dataclass(frozen=True, slots=True)
class Key:
    """An API key and the id of its account."""

    text: str
    account: str


@dataclass
class Clients:
    """The clients of one round."""

    gateway: GatewayProcess
    keys: Sequence[Key]
    answers: list[Answer] = field(default_factory=list)
    _killed: bool = False

    async def run(self, seed: int, plan: Round) -> list[Answer]:
        """Call from all sides, kill the gateway, and wait until every client has noticed."""
        limits = httpx.Limits(max_connections=CLIENTS)
        base_url = self.gateway.urls["main"]
        async with httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, trust_env=False, limits=limits) as client:
            calling = [asyncio.ensure_future(self._call_on(client, seed, plan, number)) for number in range(CLIENTS)]
            await asyncio.sleep(plan.kill_after_s)
            self._killed = True
            self.gateway.process.kill()
            await asyncio.gather(*calling)
        return self.answers

    async def _call_on(self, client: httpx.AsyncClient, seed: int, plan: Round, number: int) -> None:
        for operation in operations(seed, plan.number, number):
            answer = Answer(operation, self.keys[operation.key].account)
            self.answers.append(answer)
            await self._call(client, answer)
            answer.end = end_of(answer, killed=self._killed)
            if self._killed or answer.end == UNEXPECTED:
                return

    async def _call(self, client: httpx.AsyncClient, answer: Answer) -> None:
        operation = answer.operation
        if operation.kind == CREDIT:
            path, body = credit_request(answer)
            headers = bearer(ADMIN_TOKEN)
        else:
            path, body = request_of(operation)
            headers = bearer(self.keys[operation.key].text)
        try:
            async with client.stream("POST", path, json=body, headers=headers) as response:
                answer.request_id, answer.status = response.headers["x-request-id"], response.status_code
                await _read(response, answer)
        except httpx.TransportError:
            pass  # what had arrived until here is in the answer


async def _read(response: httpx.Response, answer: Answer) -> None:
    """Read to the end, or as far as the client wants."""
    leave_after = answer.operation.leave_after
    async for piece in response.aiter_raw():
        answer.body += piece
        if leave_after is not None and answer.body.count(b"\n\n") >= leave_after:
            answer.left = True
            return


def end_of(answer: Answer, *, killed: bool) -> str:
    """How a call ended; `killed` says whether the gateway had been killed by then."""
    operation = answer.operation
    if answer.status is None:
        return UNANSWERED if killed else UNEXPECTED
    if operation.kind == FAILING:
        return FAILED if answer.status >= 500 else UNEXPECTED
    if answer.status != 200:
        return UNEXPECTED
    if is_whole(operation, answer.body):
        return COMPLETE
    if answer.left:
        return LEFT
    return CUT_OFF if killed else UNEXPECTED


def credit_request(answer: Answer) -> tuple[str, dict[str, str]]:
    """The path and the body of a credit: the operation's name is the reference."""
    nano = answer.operation.amount_nano
    amount_usd = f"{nano // 10**9}.{nano % 10**9:09d}"
    return f"/admin/api/accounts/{answer.account}/credits", {
        "amount_usd": amount_usd,
        "reference": answer.operation.name,
    }
