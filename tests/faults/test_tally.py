"""The words in which faults are judged."""

from collections import Counter

from testbed.chaos.tally import Tally


def test_a_tally_tells_what_was_lost_recovered_duplicated_and_never_asked_for():
    tally = Tally(
        attempted={"kept", "gone", "twice", "unanswered and there", "unanswered and not there"},
        acknowledged={"kept", "gone", "twice"},
        found=Counter(["kept", "twice", "twice", "unanswered and there", "from nowhere"]),
    )

    assert tally.lost == {"gone"}
    assert tally.recovered == {"unanswered and there"}
    assert tally.duplicated == {"twice"}
    assert tally.unexpected == {"from nowhere"}
    assert tally.figures == {
        "attempted": 5,
        "acknowledged": 3,
        "lost": 1,
        "recovered": 1,
        "duplicated": 1,
        "unexpected": 1,
    }
