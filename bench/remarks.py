"""Why a bound is missed, or what a figure means: kept when the bench runs again, and to be read again then.

By the text of the ratio and the back end, as they stand in docs/benchmarks.md: ("…", "postgres"): "because …".
"""

_BUSY = (
    "the processors are full: see *notes taken meanwhile*, which is what they carry with client, databases and broker"
)
_PULLED = (
    "one process does all of it in turn: it fetches a page of the log over HTTP, reads each event's fields with"
    " marshmallow, builds a case, eight items, an assignment and two lines of history, and stores what a batch adds in"
    " one statement (decision 12). What is left is Python's work on one processor, bound by the consumer's rate above;"
    " streams by operation (decision 11) would divide it"
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
        " whose note waits. Runs of this part lie between 0.76 and 0.95, and a bell that rings at most every 250 ms"
        " instead of every 30 ms does not change that (`python -m bench wake-up --backend postgres --rounds 4` with"
        " another AT_MOST_EVERY, twice each): it is the rounds, not the ringing"
    ),
    ("from 201 to the case at 100 per second, median", "postgres"): _BUSY,
    ("from 201 to the case at 100 per second, 99th percentile", "postgres"): _BUSY,
    ("events published: relay ÷ bare kombu", "postgres"): (
        "bare kombu has its messages in memory. The relay updates each row twice, when it numbers and when it marks,"
        " and PostgreSQL hands it the 5 kB of each event. It is ten times and more as fast as the consumer behind it"
    ),
    ("notes per second: a new review database, by pull", "postgres"): _PULLED,
    ("largest growth of a process, 10,000 to 100,000 notes", "postgres"): (
        "the next larger one grew by 7 percent, most by less than 2. The consumer's 13 MiB came while 100,000 cases"
        " stood undecided, which it counts again each second for each reviewer; where they stay is not yet known"
    ),
    ("all processes: register ÷ straight line", "postgres"): (
        "twelve processes stand beside ten, two of them clockworks that the straight line has not, and each loop"
        " carries the register's code and what it imports: 85 MiB beside 57. With the missing consumer of the second"
        " straight line counted like the first, it would be 1.7"
    ),
    ("notes per second: intake's view, lessons events replay", "postgres"): (
        "the same command on the day before found 997 (975–1,050): the machine's speed drifts by as much as is missing."
        " One process reads the log over HTTP and applies a page in a transaction, as the catch-up does"
    ),
}
