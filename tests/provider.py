"""A stand-in for where Hugging Face signs people in (OpenID Connect): whoever comes is mia, and agrees at once."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from hub import JSON, TOKEN

CLIENT = {"OAUTH_CLIENT_ID": "page", "OAUTH_CLIENT_SECRET": "secret", "OAUTH_SCOPES": "openid profile contribute-repos"}


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signer() -> tuple[dict[str, str], Callable[[dict[str, Any]], str]]:
    """A public key as JWKS has it, and a function that signs claims with the private one."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = private.public_key().public_numbers()
    n, e = (base64url(value.to_bytes(-(-value.bit_length() // 8), "big")) for value in (numbers.n, numbers.e))

    def sign(claims: dict[str, Any]) -> str:
        head = {"alg": "RS256", "typ": "JWT", "kid": "1"}
        content = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
        return f"{content}.{base64url(private.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": n, "e": e}, sign


@dataclass
class Provider:
    """What answers below `address`; the codes that it gave, with what they are for."""

    address: str
    codes: dict[str, str] = field(default_factory=dict)  # code: nonce

    def __post_init__(self) -> None:
        self.key, self.sign = signer()

    def answer(self, path: str, query: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of an answer."""
        if path.endswith("/openid-configuration"):
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            about = {f"{name}_endpoint": f"{self.address}/oauth/{place}" for name, place in places.items()}
            keys = {"issuer": self.address, "jwks_uri": f"{self.address}/oauth/jwks"}
            return 200, JSON, json.dumps({**about, **keys}).encode()
        if path == "/oauth/jwks":
            return 200, JSON, json.dumps({"keys": [self.key]}).encode()
        if path == "/oauth/authorize":
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked["nonce"]
            separator = "&" if "?" in asked["redirect_uri"] else "?"
            back = asked["redirect_uri"] + separator + urlencode({"code": code, "state": asked["state"]})
            return 302, {"Location": back}, b""
        nonce = self.codes.pop(parse_qs(body.decode())["code"][0])
        now = int(time.time())
        about = {"name": "Mia", "preferred_username": "mia", "profile": f"{self.address}/mia", "picture": ""}
        claims = {
            "iss": self.address,
            "sub": "1",
            "aud": "page",
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce,
            **about,
        }
        token = {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "scope": CLIENT["OAUTH_SCOPES"]}
        return 200, JSON, json.dumps({**token, "id_token": self.sign({**claims, **about})}).encode()
