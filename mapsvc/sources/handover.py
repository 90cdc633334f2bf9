"""What a child process hands over is believed in nothing: its schema, every offset and every letter are checked."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.ipc

from mapsvc.errors import BadData
from mapsvc.sources.arrow import NUMBERS
from mapsvc.sources.tabular import MAX_COLUMNS, MAX_ROWS


def read_arrow(path: str, shown: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Read what a child has written, and check all of it.

    Returns
    -------
    frame : DataFrame
        Text cells, index the numbers of the rows, as `readers.RawTable`.
    points : ndarray
        float64, shape (n, 2): x and y, NaN where there is none.

    Raises
    ------
    BadData
        Where it is not what a child writes.
    """
    try:
        with pa.memory_map(path) as source, pa.ipc.open_file(source) as reader:
            table = reader.read_all()
            table.validate(full=True)
            _check(table)
            frame = _frame(table)
            points = np.column_stack([table.column(1).to_numpy(), table.column(2).to_numpy()])
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise BadData("what was parsed is not a table", file=shown) from error
    return frame, points


def _check(table: pa.Table) -> None:
    fields = list(table.schema)
    numbers, texts = fields[:3], fields[3:]
    if not all(one.equals(other) for one, other in zip(numbers, NUMBERS, strict=True)):
        raise pa.ArrowInvalid("not the columns of a child")
    if any(one.type != pa.large_string() for one in texts) or len(texts) > MAX_COLUMNS:
        raise pa.ArrowInvalid("not columns of text")
    if table.num_rows > MAX_ROWS or any(column.null_count for column in table.columns):
        raise pa.ArrowInvalid("too many rows, or cells that are null")


def _frame(table: pa.Table) -> pd.DataFrame:
    index = pd.Index(table.column(0).to_numpy(), dtype="int64")
    columns = {field.name: _texts(table.column(3 + n)) for n, field in enumerate(list(table.schema)[3:])}
    return pd.DataFrame(columns, index=index, dtype=object)


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    """Return the cells as Python texts, equal ones as the same text: a million cells have few countries."""
    whole = column.combine_chunks().dictionary_encode()
    words = np.array([*whole.dictionary.to_pylist(), ""], dtype=object)[:-1]
    cells: np.ndarray = words[whole.indices.to_numpy()]
    return cells
