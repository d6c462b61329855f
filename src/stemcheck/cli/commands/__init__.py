"""One file per command: it defines the options and passes the work on to a service and a writer."""
