"""Files that only their owner may read, written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the owner alone (0700). Raises OSError."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` (0600): a reader sees the old file or the new one, never a part.

    The folder has to exist. Raises OSError.
    """
    # mkstemp makes the file with 0600, in the same folder so that the rename stays on one disk.
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
