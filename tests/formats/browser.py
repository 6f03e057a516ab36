"""A browser without a window, asked over a pipe (the DevTools protocol): what a page looks like, and what it asks for."""
import json
import os
import subprocess
import tempfile


class Browser:
    """Chromium, from start to `with`'s end; nothing but files reaches it, and it reaches nothing."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.send_end = os.pipe()
        self.receive_end, from_browser = os.pipe()

        def pipes():  # the protocol's file descriptors
            spare = [os.dup(to_browser), os.dup(from_browser)]
            os.dup2(spare[0], 3)
            os.dup2(spare[1], 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--disable-prefer-compositing-to-lcd-text",
             "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
             "--disable-dev-shm-usage", "--force-color-profile=srgb", f"--user-data-dir={self.profile.name}",
             "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.last, self.rest, self.tabs = 0, b"", {}
        return self

    def __exit__(self, *_):
        os.close(self.send_end)
        self.process.terminate()
        self.process.wait()
        os.close(self.receive_end)
        self.profile.cleanup()

    def call(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.send_end, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        """The next answer; what happens meanwhile is told to its tab."""
        while b"\0" not in self.rest:
            data = os.read(self.receive_end, 1 << 20)
            if not data:
                raise RuntimeError("the browser has gone")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        answer = json.loads(message)
        if "id" not in answer and answer.get("sessionId") in self.tabs:
            self.tabs[answer["sessionId"]].happened(answer["method"], answer["params"])
        return answer

    def tab(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.tabs[session] = Tab(self, session)
        return self.tabs[session]


class Tab:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session
        self.complaints, self.asked_for, self.loaded = [], [], False
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "CSS"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def happened(self, method, about):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in about["args"]))
        elif method == "Runtime.exceptionThrown":
            thrown = about["exceptionDetails"]
            self.complaints.append(thrown.get("exception", {}).get("description", thrown["text"]))
        elif method == "Log.entryAdded":
            self.complaints.append(about["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.asked_for.append(about["request"]["url"])

    def open(self, path):
        self.complaints.clear()
        self.asked_for.clear()
        self.loaded = False
        self.call("Page.navigate", url=f"file://{path}")
        while not self.loaded:
            self.browser.receive()
        self.evaluate("document.fonts.ready.then(() => true)")

    def look(self, width, height, scheme):
        """As on a screen of this size, in `light` or `dark`."""
        self.call("Page.bringToFront")  # others do not paint
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", answer))
        return answer["result"].get("value")

    def scroll(self, top):
        self.evaluate(f"new Promise(done => {{scrollTo(0, {top}); requestAnimationFrame(() => requestAnimationFrame(done))}})")

    def picture(self, top, width, height):
        """A PNG of a piece of the page, as base64. The browser goes there: what is far away it does not paint."""
        self.scroll(top)
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        return self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True,
                         optimizeForSpeed=True)["data"]

    def fonts(self, selector):
        """The fonts that are drawn with: [({"KaTeX_Main-Regular": True if it came with the page}, "letters")]."""
        root = self.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        texts = self.evaluate(f"[...document.querySelectorAll('{selector}')].map(e => e.textContent)")
        nodes = self.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        found = [self.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"] for node in nodes]
        return [({f["familyName"]: f["isCustomFont"] for f in fonts}, text) for fonts, text in zip(found, texts)]
