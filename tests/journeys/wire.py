"""A wire between a browser and the server that can really be cut: nothing passes, whatever the browser believes."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Wire:
    """Listens on a port of its own and passes everything on, while it is whole."""

    def __init__(self, url):
        self.target = (urlsplit(url).hostname, urlsplit(url).port)
        self.is_cut, self.loses, self.lost, self.open = False, None, 0, set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self):
        self.is_cut = True
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.is_cut = False

    def lose_answer_to(self, start):
        """The next request that starts like this reaches the server; its answer reaches nobody."""
        self.loses = start

    def close(self):
        self.cut()
        self.door.close()

    def _listen(self):
        with suppress(OSError):
            while True:
                near, _address = self.door.accept()
                threading.Thread(target=self._join, args=[near], daemon=True).start()

    def _join(self, near):
        if self.is_cut:
            near.close()
            return
        far = socket.create_connection(self.target)
        ends = {near, far}
        self.open |= ends
        drop = threading.Event()
        back = threading.Thread(target=self._pass, args=[far, near, drop], daemon=True)
        back.start()
        self._pass(near, far, drop, is_asking=True)
        back.join()
        self.open -= ends
        for end in ends:
            end.close()

    def _pass(self, source, sink, drop, *, is_asking=False):
        with suppress(OSError):
            while data := source.recv(65536):
                if is_asking and self.loses and data.startswith(self.loses):
                    self.loses = None
                    drop.set()
                elif not is_asking and drop.is_set():
                    self.lost += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
