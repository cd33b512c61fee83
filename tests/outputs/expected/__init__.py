"""The differences that are meant, each with the point that causes it.

What differs no longer must go from here: the comparison fails until it does.
"""

from tests.outputs.comparing import Meant
from tests.outputs.expected.cases import VERSIONS_OF_CASES
from tests.outputs.expected.commands import COMMANDS
from tests.outputs.expected.content import CONTENT
from tests.outputs.expected.operations import OPERATIONS_TOLD_APART
from tests.outputs.expected.readers import READERS
from tests.outputs.expected.serving import SERVING

# In this order: how a text is laid out comes first, and the patterns after it find it as it is now.
EXPECTED: tuple[Meant, ...] = (
    *SERVING,
    *READERS,
    *OPERATIONS_TOLD_APART,
    *VERSIONS_OF_CASES,
    *CONTENT,
    *COMMANDS,
)
