"""Whom an https upstream has to convince, and what to do where it cannot."""

import ssl
from pathlib import Path

import certifi

_WRONG_NAME = 62, 64  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


def client_context() -> ssl.SSLContext:
    """The system's authorities, as SSL_CERT_FILE and SSL_CERT_DIR may name them; certifi's in a container that has none."""
    context = ssl.create_default_context()
    # OpenSSL looks into the folder at each handshake, so nothing of it counts as loaded yet.
    folder = ssl.get_default_verify_paths().capath
    if not context.cert_store_stats()["x509_ca"] and not (folder and any(Path(folder).iterdir())):
        context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


def tls_advice(host: str, error: ssl.SSLError) -> str:
    """A message for a failed handshake that says what to do about it."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"no TLS with {host} ({error.reason or 'closed'}): is this port served with https?"
    if error.verify_code in _WRONG_NAME:
        return f"the certificate of {host} is for another name: write base_url with the name in it"
    return (
        f"the certificate of {host} is not trusted ({error.verify_message}): "
        "add its authority to the system's store, or start with SSL_CERT_FILE=<a PEM bundle that has it>"
    )
