"""The story of a metered request: admit → choose → send → meter → settle.

Every call that can reach an upstream goes through `Relay.send`, which refuses to dispatch without a hold. The hold is
queued before anything is sent and on disk before the client's first byte; the charge is on disk before a JSON answer
leaves and before the last frame of a stream does. Failover happens here, before the first byte only. What one target
answers is `tollhouse.attempt`'s part, what a stream does on its way `tollhouse.streaming`'s, the money `tollhouse.charge`'s.
"""

import random

from tollhouse.admission import requested_model
from tollhouse.attempt import Answer, Attempt
from tollhouse.charge import Call, Charge, Means
from tollhouse.dialects import DIALECTS, PASSED
from tollhouse.errors import ApiError, UpstreamUnavailable
from tollhouse.passage import model_of
from tollhouse.rates import as_texts
from tollhouse.router import Target, order


class Relay:
    """Sends metered calls. One per process; the configuration comes with each call."""

    def __init__(self, means: Means, generator: random.Random) -> None:
        self.means = means
        self._generator = generator

    async def send(self, call: Call) -> Answer:
        """Serve one call; raises ApiError where it is refused or every candidate failed, with nothing charged."""
        means, operation = self.means, call.operation
        started_s = means.clock_s()
        dialect = (DIALECTS if call.payload is None else PASSED)[operation.dialect or ""]
        if call.passage is not None and call.payload is not None:
            model = model_of(call.passage, call.payload, operation)
        else:
            model = requested_model(call.body, operation, call.router, call.provider)
        admitted = means.admission.admit(
            call.request_id,
            call.principal,
            operation,
            dialect,
            call.body,
            model,
            call.config,
            call.router,
            call.provider,
        )
        charge = Charge(means, call, admitted, started_s)
        attempt = Attempt(charge, dialect)
        try:
            answer = await self._tried(attempt, order(admitted.quote.targets, self._generator))
            answer.headers += means.admission.rate_headers(admitted)
            return answer
        except ApiError as error:
            charge.void(str(error), status=error.status)
            error.headers.update(as_texts(means.admission.rate_headers(admitted)))
            raise
        except BaseException:  # the client left (cancelled) or a defect: nothing was delivered, so nothing is charged
            charge.void("the call ended before the first byte")
            raise

    async def _tried(self, attempt: Attempt, targets: tuple[Target, ...]) -> Answer:
        """The answer of the first target that has one; raises ApiError where none has."""
        health, limits = self.means.health, attempt.charge.call.config.routes.limits
        router, resting = attempt.charge.call.router, []
        for target in targets:
            if attempt.sent and (attempt.sent == limits.attempts or attempt.charge.elapsed_s() >= limits.attempts_s):
                break
            if not (router.takes(target) and health.admits(target, attempt)):
                resting.append(target)
                continue
            try:
                answer = await attempt.run(target)
            finally:
                health.left(target, attempt)
            if answer is not None:
                return answer
        if resting and not attempt.sent:
            raise self._none_ready(resting)
        raise attempt.failures.error()

    def _none_ready(self, targets: list[Target]) -> UpstreamUnavailable:
        """Nobody was asked: these targets have failed lately, and their time is not up yet."""
        conditions = [self.means.health.condition(target) for target in targets]
        reasons = sorted({condition.reason or condition.state for condition in conditions})
        return UpstreamUnavailable(
            f"No provider of this model can be asked right now ({', '.join(reasons)}); try again in a moment.",
            retry_after_s=max(min(condition.wait_s for condition in conditions), 0.1),
        )
