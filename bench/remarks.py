"""Why a bound is missed, or what a figure means: one sentence each, written by a person and kept when the bench runs again.

By the text of the ratio and the back end, as they stand in docs/benchmarks.md: ("…", "postgres"): "Because …".
"""  # noqa: E501

REMARKS: dict[tuple[str, str], str] = {}
