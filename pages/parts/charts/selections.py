"""Names by which Streamlit tells what was selected in a chart.

Pages need them before they draw: this module loads nothing.
"""

from typing import Final

PICKED: Final = "picked"
"""Name of the selection of bars by click."""

BRUSH: Final = "brush"
"""Name of the selection of a range of GB."""

START: Final = "bin_start"
"""Field by which the brush tells its range."""
