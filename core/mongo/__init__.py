"""Customer documents: from an export, a dump, an archive, a server or a backup."""
