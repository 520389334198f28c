"""A visitor of the running app without a browser: Streamlit's messages on a WebSocket.

What a browser does to run a page and to load a file: it opens the WebSocket, asks for
runs with the address and the widgets as they are, takes every message until the run has
ended, and uploads files over HTTP.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

if TYPE_CHECKING:
    from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_SECONDS: Final = 120.0
"""How long a run of a page may take."""

FAULT: Final = "tell whoever runs Meterbook the reference"
"""What only the box of a fault says."""


@dataclass
class Page:
    """What one run drew: elements by kind, and how long it took, waiting included."""

    elements: dict[str, list[Any]] = field(default_factory=dict)
    seconds: float = 0.0
    sent_bytes: int = 0

    def widget_id(self, key: str) -> str:
        """Return the id of the widget with a key; empty if there is none."""
        for found in self.elements.values():
            for element in found:
                name = str(getattr(element, "id", ""))
                if name.endswith(f"-{key}"):
                    return name
        return ""

    def alerts(self) -> list[str]:
        """Return what the boxes say: news, questions and errors."""
        return [str(each.body) for each in self.elements.get("alert", [])]

    def is_sound(self) -> bool:
        """Tell whether no fault was drawn, by Streamlit or by the product."""
        told = [each for each in self.alerts() if FAULT in each]
        return not told and "exception" not in self.elements


class Visitor:
    """One tab of a browser: a session of the app until it is left."""

    def __init__(self, port: int) -> None:
        """Name the app; the tab is open as long as the visitor is in it."""
        self._base = f"http://127.0.0.1:{port}"
        self._opening = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit"],
            origin=self._base,  # type: ignore[arg-type]
            max_size=None,
            open_timeout=PATIENCE_SECONDS,
        )
        self._place = ("", "")
        self._widgets: dict[str, WidgetState] = {}
        self._session = ""

    def __enter__(self) -> Self:
        """Open the tab; nothing is drawn yet."""
        self._line = self._opening.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the tab, whatever it does."""
        self._opening.__exit__(None, None, None)

    def go(self, page: str, query: str = "") -> Page:
        """Open a page by its address, as a link does: widgets begin anew."""
        self._place = page, query
        self._widgets.clear()
        return self.run()

    def run(self, **pressed: bool) -> Page:
        """Run the page once more; pressed are ids of buttons."""
        self.ask(**pressed)
        return self.drawn()

    def ask(self, **pressed: bool) -> None:
        """Ask for a run, and do not wait for it."""
        message = BackMsg()
        state = message.rerun_script
        state.page_name, state.query_string = self._place
        state.context_info.timezone = "UTC"
        for widget in self._widgets.values():
            state.widget_states.widgets.add().CopyFrom(widget)
        for name in pressed:
            state.widget_states.widgets.add(id=name, trigger_value=True)
        self._line.send(message.SerializeToString())

    def drawn(self, until: str = "") -> Page:
        """Take what is sent until the run that was asked for has ended.

        Args:
            until: Stop earlier, as soon as a progress bar says this.
        """
        page, begun = Page(), time.monotonic()
        while True:
            message, size = self._next()
            page.sent_bytes += size
            if message.WhichOneof("type") == "new_session":
                self._session = message.new_session.initialize.session_id
            if message.HasField("delta") and message.delta.HasField("new_element"):
                element = message.delta.new_element
                kind = element.WhichOneof("type") or ""
                page.elements.setdefault(kind, []).append(getattr(element, kind, None))
                if until and kind == "progress" and until in element.progress.text:
                    return page
            if message.WhichOneof("type") == "script_finished":
                ended = message.script_finished
                if ended == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    page.elements.clear()
                else:
                    page.seconds = time.monotonic() - begun
                    return page

    def set(self, widget: WidgetState) -> None:
        """Let a widget have a value at the next run."""
        self._widgets[widget.id] = widget

    def upload(self, uploader: str, name: str, content: bytes) -> None:
        """Upload a file, and let it lie in an uploader at the next run."""
        message = BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = uuid.uuid4().hex, self._session
        asked.file_names.append(name)
        self._line.send(message.SerializeToString())
        while True:
            answer, _ = self._next()
            if answer.HasField("file_urls_response"):
                break
        urls = answer.file_urls_response.file_urls[0]
        with httpx.Client(base_url=self._base, timeout=PATIENCE_SECONDS) as client:
            client.get("/_stcore/health")
            token = client.cookies["_streamlit_xsrf"]
            sent = client.put(
                urls.upload_url,
                files={"file": (name, content, "text/csv")},
                headers={"X-Xsrftoken": token, "Origin": self._base},
            )
            sent.raise_for_status()
        info = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(content))
        info.file_urls.CopyFrom(urls)
        widget = BackMsg().rerun_script.widget_states.widgets.add(id=uploader)
        held = FileUploaderState(uploaded_file_info=[info])
        widget.file_uploader_state_value.CopyFrom(held)
        self.set(widget)

    def _next(self) -> tuple[ForwardMsg, int]:
        data = self._line.recv(timeout=PATIENCE_SECONDS)
        message = ForwardMsg()
        message.ParseFromString(bytes(data))  # type: ignore[arg-type]
        return message, len(data)
