"""Hand-written source of the client libraries, copied into them unchanged."""
