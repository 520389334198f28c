"""Bytes of a column of text: questions answered for all cells at once.

Files of Stripe's have a million cells of one form. What has no such form is left to
slower ways, which give the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

POINT: Final = ord(".")
"""What stands before the decimals."""

MAX_DIGITS: Final = 18
"""Longest amount read at once: a 64-bit integer holds every number of 18 digits."""

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)


@dataclass(frozen=True)
class Letters:
    """The bytes of a column of strings without nulls; cell i ends at ends[i]."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int32]

    @classmethod
    def of(cls, texts: pa.Array) -> Letters | None:
        """Look into a column; None for one with nulls, or without cells."""
        if texts.null_count or not len(texts):
            return None
        _, places, content = texts.buffers()
        end = texts.offset + len(texts) + 1
        offsets = np.frombuffer(places, np.int32)[texts.offset : end]
        data = np.frombuffer(content or b"", np.uint8)[offsets[0] : offsets[-1]]
        return cls(data, offsets - offsets[0])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int32]:
        """Bytes of each cell."""
        return np.diff(self.offsets)

    def has_edge_blanks(self) -> bool:
        """Tell whether a cell may begin or end with a blank of any script."""
        if not len(self.data):
            return False
        if self.data.max() > ord("~"):
            return True
        if self.data.min() > ord(" "):
            return False
        has_text = self.lengths > 0
        first = self.data[self.offsets[:-1][has_text]]
        last = self.data[self.offsets[1:][has_text] - 1]
        return bool(min(first.min(), last.min()) <= ord(" "))

    def is_shaped(self, width: int, marks: Mapping[int, str]) -> bool:
        """Tell whether every cell has this width, and these letters in these places."""
        if len(self.data) != width * len(self) or (self.lengths != width).any():
            return False
        cells = self.data.reshape(len(self), width)
        return all((cells[:, at] == ord(mark)).all() for at, mark in marks.items())

    def are_distinct(self) -> bool:
        """Tell whether all cells are proven to differ; False proves nothing.

        Cells of one width are mixed into numbers; where no two numbers are the same,
        no two cells are.
        """
        width = len(self.data) // len(self)
        if not width or not self.is_shaped(width, {}):
            return False
        words = -(-width // 8)
        padded = np.zeros((len(self), words * 8), np.uint8)
        padded[:, :width] = self.data.reshape(len(self), width)
        numbers = padded.view(np.uint64)
        mixed = numbers[:, 0].copy()
        for place in range(1, words):
            mixed = (mixed ^ (mixed >> _HALF)) * _ODD + numbers[:, place]
        mixed = np.sort((mixed ^ (mixed >> _HALF)) * _ODD)
        return bool((mixed[1:] != mixed[:-1]).all())

    def has(self, letter: str) -> bool:
        """Tell whether a letter is in any cell."""
        return bool((self.data == ord(letter)).any())

    def is_fixed_point(self, decimals: int) -> bool:
        """Tell whether each cell has one point, and this many letters after it."""
        if self.lengths.min() < decimals + 2:
            return False
        is_point = self.data == POINT
        places = self.offsets[1:] - 1 - decimals
        return bool(np.count_nonzero(is_point) == len(self) and is_point[places].all())

    def unscaled(self, decimals: int) -> pa.Array | None:
        """Read numbers with one point and this many decimals as whole numbers.

        Returns:
            int64 of the last decimal place; None where a cell is written otherwise.
        """
        if not self.is_fixed_point(decimals) or self.lengths.max() > MAX_DIGITS:
            return None
        if self.data.max() > ord("9"):
            return None
        digits = self.data[self.data != POINT]
        offsets = self.offsets - np.arange(len(self.offsets), dtype=np.int32)
        buffers = (pa.py_buffer(offsets), pa.py_buffer(digits))
        whole = pa.StringArray.from_buffers(len(self), *buffers)
        try:
            return whole.cast(pa.int64())
        except pa.ArrowInvalid:
            return None
