"""Work done once for each distinct text of a column.

Files repeat themselves: a million rows hold a few currencies, types and statuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def per_distinct(
    texts: pa.Array, value: Callable[[str], object], type_: pa.DataType
) -> pa.Array:
    """Turn each text into value(text), calling value once for each distinct text.

    Returns:
        An array of type_, in the order of texts; null where texts has null.
    """
    coded = texts.dictionary_encode()
    values = pa.array([value(text) for text in coded.dictionary.to_pylist()], type_)
    return values.take(coded.indices)


def told(coded: pa.DictionaryArray, tell: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Tell something of each text of a coded column, once for all distinct ones.

    Args:
        coded: The column; without nulls.
        tell: Gives one entry per text, in their order.
    """
    return tell(coded.dictionary).take(coded.indices)
