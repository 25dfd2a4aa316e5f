"""Whether a message comes from whom it says."""

import base64
import random

import dkim
import pytest

from crm.invitations.authentication import proof_of
from crm.invitations.reading import opened
from tests.invitations.conftest import raw

TRUSTED = "mx.kommune.example.no"


def prime(bits, rng):
    while True:
        number = rng.getrandbits(bits) | (3 << (bits - 2)) | 1
        if all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11)):
            return number


def der(tag, content):
    length = len(content)
    size = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + size + content


def integers(*numbers):
    """An ASN.1 sequence of whole numbers."""
    return der(0x30, b"".join(der(2, one.to_bytes(one.bit_length() // 8 + 1, "big")) for one in numbers))


@pytest.fixture(scope="module")
def key():
    """A private key for signing, and the record that tells its public half."""
    rng = random.Random(7)
    p, q, e = prime(512, rng), prime(512, rng), 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    private = integers(0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    name = bytes.fromhex("300d06092a864886f70d0101010500")
    public = der(0x30, name + der(3, b"\x00" + integers(p * q, e)))
    kind = "RSA " + "PRIVATE KEY"
    pem = f"-----BEGIN {kind}-----\n{base64.encodebytes(private).decode()}-----END {kind}-----\n"
    return pem.encode(), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signed(key, content, domain=b"kommune.example.no", **options):
    return dkim.sign(content, b"s1", domain, key[0], **options) + content


def dns(key):
    """The domain name system, as far as it is asked."""

    def lookup(name, timeout=5):
        asked = name.decode() if isinstance(name, bytes) else name
        return key[1] if asked.startswith("s1._domainkey.") else None

    return lookup


def proof(content, key=None, trusted=None):
    return proof_of(opened(content), trusted=trusted, lookup=dns(key) if key else lambda *_a, **_k: None)


def test_a_good_signature_of_the_senders_own_domain(key):
    assert proof(signed(key, raw("outlook-desktop.eml")), key) == "dkim"


def test_without_a_signature_there_is_no_proof(key):
    assert proof(raw("outlook-desktop.eml"), key) is None


def test_a_signature_of_another_domain_proves_nothing(key):
    assert proof(signed(key, raw("outlook-desktop.eml"), b"evil.example.org"), key) is None


def test_a_changed_message_is_not_signed(key):
    content = signed(key, raw("outlook-desktop.eml")).replace(b"Velkommen", b"Velkomsen")
    assert proof(content, key) is None


def test_a_signature_of_the_beginning_alone_is_none(key):
    content = signed(key, raw("outlook-desktop.eml"), length=True) + b"\r\nmore\r\n"
    assert proof(content, key) is None


def test_a_second_sender_is_no_sender(key):
    content = b"From: arne@kommune.example.no\r\n" + signed(key, raw("outlook-desktop.eml"))
    assert proof(content, key) is None
    two = raw("outlook-desktop.eml").replace(b"<anne@kommune", b"<x@evil.example.org>, <anne@kommune")
    assert proof(signed(key, two), key) is None


def test_a_key_that_is_gone_or_a_name_server_that_is_silent(key):
    content = signed(key, raw("outlook-desktop.eml"))
    assert proof(content) is None

    def silent(_name, timeout=5):
        raise dkim.DnsTimeoutError("no answer")

    assert proof_of(opened(content), trusted=None, lookup=silent) is None


RESULTS = {
    f"{TRUSTED}; dmarc=pass (p=none) header.from=kommune.example.no": True,
    f"{TRUSTED} 1; spf=pass smtp.mailfrom=x.no; dkim=pass header.d=kommune.example.no": True,
    f"{TRUSTED}; dkim=pass header.i=@kommune.example.no header.s=s1": True,
    f"{TRUSTED}; spf=pass smtp.mailfrom=kommune.example.no": False,
    f"{TRUSTED}; dkim=pass header.d=evil.example.org": False,
    f"{TRUSTED}; dkim=fail header.d=kommune.example.no": False,
    f"{TRUSTED}; dmarc=fail header.from=kommune.example.no": False,
    f'{TRUSTED}; spf=fail smtp.mailfrom="x; dmarc=pass header.from=kommune.example.no"': False,
    f"{TRUSTED}; spf=fail (; dmarc=pass header.from=kommune.example.no)": False,
    "mx.evil.example.org; dmarc=pass header.from=kommune.example.no": False,
    "": False,
}


@pytest.mark.parametrize("results", RESULTS)
def test_what_our_own_mail_server_found(results):
    content = f"Authentication-Results: {results}\r\n".encode() + raw("outlook-desktop.eml")
    assert proof(content, trusted=TRUSTED) == ("mail_server" if RESULTS[results] else None)
    assert proof(content) is None, "nobody is trusted unless named"


def test_only_the_topmost_of_our_servers_headers_counts():
    top = f"Authentication-Results: {TRUSTED}; dmarc=fail header.from=kommune.example.no\r\n"
    forged = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=kommune.example.no\r\n"
    content = (top + forged).encode() + raw("outlook-desktop.eml")
    assert proof(content, trusted=TRUSTED) is None
    above = b"Authentication-Results: mx.evil.example.org; dmarc=fail\r\n"
    assert proof(above + forged.encode() + raw("outlook-desktop.eml"), trusted=TRUSTED) == "mail_server"
