"""One file a command; each says what it takes and hands the work to a service and a writer."""
