"""Signatures: 64 bits per text that tell how far apart two texts are at least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Words = npt.NDArray[np.uint64]
    Codes = npt.NDArray[np.uint32]

COUNTED_TWICE: Final = "0123456789aeionrstlhdmcukgby"
"""Characters with two bits, for "stands here" and "stands here again": digits and the
commonest letters."""

COUNTED_ONCE: Final = "fjpqvwxz"
"""Characters with one bit; what is no letter or digit shares these bits."""


def signatures(codes: Codes) -> Words:
    """Sign texts of one length; codes has a row per character, a column per text.

    An insertion or a deletion flips one bit at most, so that the count of bits in
    which two signatures differ is never above the distance of their texts.
    """
    seen, again = np.zeros((2, codes.shape[1]), np.uint64)
    for row in np.where(codes < 128, codes, codes % len(COUNTED_ONCE)):
        bit = _FIRST[row]
        again |= np.where(seen & bit, _AGAIN[row], 0)
        seen |= bit
    return seen | again


def _slots() -> Codes:
    """Number the bit of each ASCII character; capitals share that of small letters.

    Characters without a bit of their own share those of COUNTED_ONCE.
    """
    twice, once = len(COUNTED_TWICE), len(COUNTED_ONCE)
    slots = twice + np.arange(128, dtype=np.uint32) % once
    for slot, letter in enumerate(COUNTED_TWICE + COUNTED_ONCE):
        slots[[ord(letter), ord(letter.upper())]] = slot
    return slots


_COUNT: Final = len(COUNTED_TWICE + COUNTED_ONCE)
_FIRST: Final = np.uint64(1) << _slots().astype(np.uint64)
_AGAIN: Final = np.where(
    _slots() < len(COUNTED_TWICE), _FIRST << np.uint64(_COUNT), np.uint64(0)
)
