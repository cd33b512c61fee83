"""Pulling: asking the producer itself for what the broker did not bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import urllib3

from shared.platform import clock
from shared.platform.events import Envelope, UndecodableError
from shared.platform.logs import log

PAGE = 200
# Shorter together than the patience of the broker and of whoever stands by: a producer's host may
# be cut off.
TIMEOUT = urllib3.Timeout(connect=3, read=5)
START_SECONDS = 60.0


class SourceAwayError(Exception):
    """The producer cannot be asked now; ask again later."""


class ContradictionError(Exception):
    """The producer says that its log does not continue what we applied."""


@dataclass(frozen=True)
class Page:
    """A piece of the producer's log: its life, how far it is numbered, and the next events in
    order.
    """

    epoch: UUID
    head: int
    events: Sequence[Envelope]


class Source:
    """The producer's log over HTTP (`GET …/events?after=N&id=…`), opened with the key of this
    subscriber.
    """

    def __init__(self, base_url: str, path: str, key: str) -> None:
        self._url = base_url.rstrip("/") + path
        self._headers = {"Authorization": f"Bearer {key}"}
        self._pool = urllib3.PoolManager(timeout=TIMEOUT, retries=False, maxsize=1)
        self._quiet_until, self._is_told = clock.ticks() + START_SECONDS, False

    def page_after(self, position: int, event_id: UUID | None) -> Page:
        """The events behind `position`, where we believe that `event_id` stands.

        Raises ContradictionError when the producer has another event there, or has not come so far;
        SourceAwayError when there is no answer.
        """
        try:
            page = self._ask(position, event_id)
        except SourceAwayError as error:
            self._note_away(error)
            raise
        self._quiet_until, self._is_told = 0.0, False
        return page

    def _note_away(self, error: SourceAwayError) -> None:
        """Log it, once.

        A producer that never answered may be starting, as we are, and is given time.
        """
        if not self._is_told and clock.ticks() >= self._quiet_until:
            log.warning("the producer of the stream gives no answer", error=str(error))
            self._is_told = True

    def _ask(self, position: int, event_id: UUID | None) -> Page:
        fields = {"after": str(position), "limit": str(PAGE)}
        if event_id is not None:
            fields["id"] = str(event_id)
        try:
            answer = self._pool.request("GET", self._url, fields=fields, headers=self._headers)
        except urllib3.exceptions.HTTPError as error:
            raise SourceAwayError(f"{self._url}: {error}") from error
        if answer.status not in (200, 409):
            raise SourceAwayError(f"{self._url} answers {answer.status}")
        try:
            body = answer.json()
            if answer.status == 409:
                raise ContradictionError(str(body["detail"]))
            events = [Envelope.of_wire(wire) for wire in body["events"]]
            return Page(epoch=UUID(body["epoch"]), head=body["head"], events=events)
        except (ValueError, KeyError, TypeError, UndecodableError) as error:
            # somebody else answers there
            raise SourceAwayError(
                f"{self._url} gives no page of the log: {type(error).__name__}"
            ) from error
