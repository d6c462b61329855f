"""The document's cautions, the words for statuses and routes, signals, approvals and questions.

Texts are data (TOML beside the modules); the modules choose among them. Pure: no I/O but reading
these files.
"""
