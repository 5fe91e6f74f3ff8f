"""What the system says of a file or a folder -> French words that stand in brackets after what could not be done."""

import errno

_WORDS = {
    errno.ENOENT: "ce chemin n’existe pas",
    errno.ENOTDIR: "ce chemin n’existe pas",
    errno.EISDIR: "c’est un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENOTEMPTY: "le dossier n’est pas vide",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "le disque est protégé en écriture",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "la place accordée sur le disque est épuisée",
    errno.EFBIG: "le fichier est trop grand pour ce disque",
    errno.EBUSY: "un autre programme l’occupe",
    errno.EIO: "le disque ne répond plus",
    errno.ENODEV: "le disque n’est plus là",
    errno.ETIMEDOUT: "le réseau ne répond plus",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.EADDRINUSE: "un autre programme l’occupe",
    errno.EADDRNOTAVAIL: "cette machine n’a pas cette adresse",
}
_OF_SQLITE = {
    "SQLITE_FULL": "le disque est plein",
    "SQLITE_READONLY": "il est protégé en écriture",
    "SQLITE_PERM": "l’accès est refusé",
    "SQLITE_CANTOPEN": "il ne peut pas être ouvert",
    "SQLITE_BUSY": "un autre programme l’occupe",
    "SQLITE_LOCKED": "un autre programme l’occupe",
    "SQLITE_CORRUPT": "il est abîmé",
    "SQLITE_NOTADB": "il est abîmé",
    "SQLITE_IOERR": "le disque ne répond plus",
}
"""By the beginnings of its names (https://www.sqlite.org/rescode.html)."""


def why(error: Exception) -> str:
    """The reason of an `OSError` or a `sqlite3.Error`; what has no words here is said as the system says it."""
    name = getattr(error, "sqlite_errorname", "")
    if words := next((words for begin, words in _OF_SQLITE.items() if name.startswith(begin)), ""):
        return words
    number = error.errno if isinstance(error, OSError) else None
    return _WORDS.get(number or 0) or getattr(error, "strerror", None) or str(error) or "le système le refuse"
