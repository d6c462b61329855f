"""What a careful reader would say of a record or a leaflet: cautions, signals, approvals, claims, questions.

Rules and facts are data (TOML beside the modules), sentences stand in ``words/<language>``; the modules
choose among them. Pure: no I/O but reading these files.
"""
