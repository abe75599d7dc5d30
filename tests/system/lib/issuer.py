"""An issuer of OpenID Connect that lets everybody in as whom the test says: discovery, authorization with PKCE, tokens signed with RS256."""

import base64
import hashlib
import http.server
import json
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def text64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, port, client, secret):
        self.address, self.client, self.secret = "http://127.0.0.1:%s" % port, client, secret
        self.key, self.codes, self.claims, self.spoil = rsa.generate_private_key(65537, 2048), {}, {}, {}
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.answer(self, issuer.keys() if self.path == "/keys" else issuer.discovery())

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                issuer.answer(self, issuer.token(form, self.headers["Authorization"]))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def answer(handler, told):
        data = json.dumps(told or {"error": "invalid_grant"}).encode()
        handler.send_response(200 if told else 400)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def discovery(self):
        return {"issuer": self.address, "authorization_endpoint": self.address + "/door", "token_endpoint": self.address + "/token", "jwks_uri": self.address + "/keys"}

    def keys(self):
        numbers = self.key.public_key().public_numbers()
        return {"keys": [{"kty": "RSA", "kid": "one", "use": "sig", "n": text64(numbers.n.to_bytes(256, "big")), "e": text64(numbers.e.to_bytes(3, "big"))}]}

    def enter(self, address):
        """What the browser is sent back with, once a person said who he is at the address."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        assert asked["response_type"] == "code" and asked["client_id"] == self.client and asked["code_challenge_method"] == "S256"
        code = "code%d" % len(self.codes)
        self.codes[code] = asked
        return "/v1/session/oidc/callback?" + urllib.parse.urlencode({"code": code, "state": asked["state"], "iss": self.address})

    def token(self, form, authorization):
        asked = self.codes.pop(form.get("code"), None)
        basic = "Basic " + base64.b64encode(("%s:%s" % (self.client, urllib.parse.quote(self.secret, safe=""))).encode()).decode()  # RFC 6749, 2.3.1
        if not asked or authorization != basic or form["redirect_uri"] != asked["redirect_uri"] or \
                text64(hashlib.sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": self.client, "exp": now + 300, "iat": now, "nonce": asked["nonce"], **self.claims, **self.spoil}
        signed = ".".join(text64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "one"}, claims))
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed + "." + text64(signature)}
