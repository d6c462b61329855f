"""Shapes of the parts of a record that only its long form shows; manner as in `shapes`."""

from typing_extensions import TypedDict


class WireReference(TypedDict, total=False):
    """One of ``references``."""

    pmid: str | None
    type: str | None
    citation: str | None


class WireReferences(TypedDict, total=False):
    """``referencesModule``."""

    references: list[WireReference] | None


class WireIpdSharing(TypedDict, total=False):
    """``ipdSharingStatementModule``."""

    ipdSharing: str | None


class WireUnpostedEvent(TypedDict, total=False):
    """One step of results that were sent and are not public: RELEASE, RESET or UNRELEASE."""

    type: str | None


class WireUnposted(TypedDict, total=False):
    """``unpostedAnnotation``."""

    unpostedEvents: list[WireUnpostedEvent] | None


class WireViolationEvent(TypedDict, total=False):
    """One notice of the FDA under FDAAA 801."""

    type: str | None
    description: str | None
    issuedDate: str | None
    postedDate: str | None


class WireViolation(TypedDict, total=False):
    """``violationAnnotation``."""

    violationEvents: list[WireViolationEvent] | None


class WireAnnotationModule(TypedDict, total=False):
    """``annotationModule``."""

    unpostedAnnotation: WireUnposted | None
    violationAnnotation: WireViolation | None


class WireAnnotation(TypedDict, total=False):
    """``annotationSection``."""

    annotationModule: WireAnnotationModule | None


class WireLargeDocument(TypedDict, total=False):
    """One of ``largeDocs``."""

    label: str | None
    typeAbbrev: str | None
    date: str | None
    filename: str | None


class WireLargeDocuments(TypedDict, total=False):
    """``largeDocumentModule``."""

    largeDocs: list[WireLargeDocument] | None


class WireDocuments(TypedDict, total=False):
    """``documentSection``."""

    largeDocumentModule: WireLargeDocuments | None
