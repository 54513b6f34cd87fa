"""An outside filter for Gatehouse with nothing but Python's standard library: it verifies the signature, answers,
and learns from what people decide. Start it with the secret that POST /v1/admin/filters gave:

    FILTER_SECRET=whsec_... PORT=9000 python3 filter.py
"""

import base64, hashlib, hmac, json, math, os, re, threading, time, unicodedata
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["FILTER_SECRET"].removeprefix("whsec_"))
SEEN = {"ham": Counter(), "spam": Counter()}
LEARNT = {}
LOCK = threading.Lock()  # messages come side by side


def is_signed(headers, body):
    """Standard Webhooks: HMAC-SHA-256 over id, timestamp and the raw bytes; no older or newer than five minutes."""
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs(time.time() - int(at)) > 300:
        return False
    right = hmac.new(KEY, f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(right).decode()
    return any(hmac.compare_digest(wanted, one) for one in headers.get("webhook-signature", "").split(" "))


def words_of(text):
    return set(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def learn(data):
    """A decision is learnt once, however often it is told, and forgotten when it is taken back. One that comes after
    a newer one was overtaken on its way."""
    with LOCK:
        version, label, words = LEARNT.get(data["commentId"], (0, "ham", ()))
        if version > data["version"]:
            return
        SEEN[label].subtract(words)
        words = words_of(data["body"]["text"]) if data["label"] and not data["undone"] else ()
        LEARNT[data["commentId"]] = data["version"], data["label"] or "ham", words
        SEEN[data["label"] or "ham"].update(words)


def judge(text):
    """Naive Bayes over words, even odds to begin with."""
    odds = sum(math.log((SEEN["spam"][word] + 1) / (SEEN["ham"][word] + 1)) for word in words_of(text))
    score = 1 / (1 + math.exp(-max(-500, min(500, odds))))
    return {"verdict": "spam" if score > 0.9 else "ham" if score < 0.1 else "unsure", "score": score}


class Filter(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_signed(self.headers, body):
            return self.answer(401)
        message = json.loads(body)
        if message["type"] == "comment.decided":
            learn(message["data"])
        if message["type"] != "comment.check":
            return self.answer(204)
        return self.answer(200, json.dumps(judge(message["data"]["body"]["text"])).encode())

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Filter)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
