"""What a figure means, or why it is no better: kept when the bench runs again, and to be read
again then.

By the text of the ratio and the back end, as they stand in docs/benchmarks.md: ("…", "postgres"):
"because …".
"""

_BUSY = (
    "100 a second are two thirds of what the two processors carry with client, databases and "
    "broker on them (*notes taken meanwhile*, at saturation). So relay and consumer wait for their "
    "turn, and each gathers several notes before it goes on: that is what keeps the pace"
)
_PULLED = (
    "one process does all of it in turn: it fetches a page of the log over HTTP, reads each "
    "event's fields with marshmallow, builds a case, eight items, an assignment and two lines of "
    "history, and stores what a batch adds in one statement (decision 12). What is left is "
    "Python's work on one processor, bound by the consumer's rate above; streams by operation "
    "(decision 11) would divide it"
)

REMARKS: dict[tuple[str, str], str] = {
    ("notes per second, 16 clients: register ÷ straight-line Flask", "postgres"): (
        "the statement saves the work of the ORM and its round trips, and the register spends more "
        "than it saves on what the view leaves out: it looks up the key, compares the names, "
        "checks eight items field by field and records the event. The last chapter shows the "
        "shares; marshmallow alone has a quarter"
    ),
    ("99th percentile, 16 clients: register ÷ straight-line Flask", "postgres"): (
        "it follows from the rate: sixteen clients wait for two processors"
    ),
    ("median, 1 client: register ÷ one commit of the driver", "postgres"): (
        "three statements, for the key, for the names and the number, and for the rows, beside one"
    ),
    ("notes per second: wake-up on ÷ off", "postgres"): (
        "a relay that is woken works all the while that notes come in, and shares the two "
        "processors with intake. It rests the longer the more a round carried; to rest longer "
        "still would be felt by everybody whose note waits. Which part of it costs is not shown: "
        "runs of this part lie between 0.76 and 0.97, and what was tried stays within that spread: "
        "a wake-up that is sent at most every 250 ms instead of every 30 ms, and one whose NOTIFY "
        "does not wait for the disk (`python -m bench wake-up --backend postgres` with the change, "
        "twice each beside twice without)"
    ),
    ("from 201 to the case at 100 per second, median", "postgres"): _BUSY,
    ("from 201 to the case at 100 per second, 99th percentile", "postgres"): _BUSY,
    ("events published: relay ÷ bare kombu", "postgres"): (
        "bare kombu has its messages in memory. The relay updates each row twice, when it numbers "
        "and when it marks, and PostgreSQL hands it the 5 kB of each event. It is eight times as "
        "fast as the consumer behind it"
    ),
    ("notes per second: a new review database, by pull", "postgres"): _PULLED,
    ("all processes: register ÷ straight line", "postgres"): (
        "the straight line has no clockwork: without these two, which carry the pages for the "
        "mails, it would be 1.11. A loop takes 62 to 76 MiB beside 58"
    ),
}
