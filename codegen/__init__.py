"""The generator: OpenAPI documents in, Python that people read and mypy checks out."""
