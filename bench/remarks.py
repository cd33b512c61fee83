"""Why a bound is missed, or what a figure means: kept when the bench runs again, and to be read again then.

By the text of the ratio and the back end, as they stand in docs/benchmarks.md: ("…", "postgres"): "because …".
"""

_BUSY = (
    "the processors are full: see *notes taken meanwhile*, which is what they carry with client, databases and broker"
)
_ROWS = (
    "in the version that was measured, a case, its eight items, its assignment, two lines of history, a mail and an"
    " event went through the unit of work of the ORM for each note. Since then what a batch adds goes in one statement"
    " (decision 12), which is not measured yet"
)

REMARKS: dict[tuple[str, str], str] = {
    ("notes per second, 16 clients: register ÷ straight-line Flask", "postgres"): (
        "the statement saves the work of the ORM and its round trips, and the register spends more than it saves"
        " on what the view leaves out: it looks up the key, compares the names, checks eight items field by field and"
        " records the event. The last chapter shows the shares; marshmallow alone has a sixth"
    ),
    ("99th percentile, 16 clients: register ÷ straight-line Flask", "postgres"): (
        "it follows from the rate: sixteen clients wait for two processors"
    ),
    ("median, 1 client: register ÷ one commit of the driver", "postgres"): (
        "three statements, for the key, for the names and the number, and for the rows, beside one"
    ),
    ("notes per second: wake-up on ÷ off", "postgres"): (
        "a relay that is woken makes more rounds than one that looks twice a second, and they share the two"
        " processors. It rests the longer the more a round carried; to rest longer still would be felt by everybody"
        " whose note waits"
    ),
    ("from 201 to the case at 20 per second, median", "postgres"): (
        "web, relay, broker and consumer follow each other, and a relay rests for a moment after each round. Single"
        " rounds were at the target; the machine's speed changes by more than what is missing"
    ),
    ("from 201 to the case at 100 per second, median", "postgres"): _BUSY,
    ("from 201 to the case at 100 per second, 99th percentile", "postgres"): _BUSY,
    ("events published: relay ÷ bare kombu", "postgres"): (
        "bare kombu has its messages in memory. The relay updates each row twice, when it numbers and when it marks,"
        " and PostgreSQL hands it the 5 kB of each event. It is ten times and more as fast as the consumer behind it"
    ),
    ("notes per second with case, assignment and history", "postgres"): _ROWS,
    ("notes per second: a new review database, by pull", "postgres"): _ROWS,
    ("notes per second: intake's view, lessons events replay", "postgres"): (
        "within the spread of the rounds: some of them are above"
    ),
}
