"""The table that a child process hands to its parent, as Arrow: row numbers, points, and columns of text.

No data frame is loaded here: the child has no need of one.
"""

import math

import pyarrow as pa
import pyarrow.ipc

from mapsvc.errors import BadData
from mapsvc.sources.tabular import Stream

NUMBERS = (
    pa.field("row", pa.int64(), False),
    pa.field("x", pa.float64(), False),
    pa.field("y", pa.float64(), False),
)
_NOWHERE = (math.nan, math.nan)


def write_arrow(stream: Stream, descriptor: int, shown: str) -> None:
    """Write all rows of a stream to an open file, a batch at a time."""
    # By place, not by name: a file may have a column that is called "row".
    schema = pa.schema([*NUMBERS, *(pa.field(name, pa.large_string(), False) for name in stream.header)])
    with open(descriptor, "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in stream.batches(shown):
            points = [point or _NOWHERE for point in batch.points] if any(batch.points) else None
            arrays = [
                pa.array(batch.numbers, pa.int64()),
                *(
                    pa.array([point[axis] for point in points], pa.float64())
                    if points
                    else pa.repeat(math.nan, len(batch.numbers))
                    for axis in (0, 1)
                ),
            ]
            try:
                arrays += [pa.array(column, pa.large_string()) for column in batch.columns]
            except UnicodeEncodeError as error:
                raise BadData("half a character (a lone surrogate): this is no text", file=shown) from error
            writer.write_batch(pa.record_batch(arrays, schema=schema))
