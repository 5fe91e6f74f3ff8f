"""A query that does not name its cabinet never reaches the database (SECURITY.md, 2).

`Model.objects` of every table that carries a cabinet is a `ScopedManager`. A query is let through when it is filtered
by exactly one cabinet (`.of(cabinet)`, or `filter(cabinet=...)`, `filter(cabinet__code=...)`); `across_cabinets()` is
the explicit, searchable exception for the hoster's own work (housekeeping, key rotation, the mail queue).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from django.db import models
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode

if TYPE_CHECKING:
    from portal.server.cabinets.models import Cabinet

M = TypeVar("M", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """A programming error: rows of several cabinets would have been read or changed at once."""


def _names_cabinet(where: WhereNode) -> bool:
    """Whether `where` demands equality with one cabinet, whatever else it demands."""
    if where.negated or where.connector != AND:
        return False
    for condition in where.children:
        if isinstance(condition, WhereNode):
            if _names_cabinet(condition):
                return True
        elif isinstance(condition, Exact):
            target = getattr(condition.lhs, "target", None)
            if target is None:
                continue
            if target.name == "cabinet" or (target.model.__name__ == "Cabinet" and target.unique):
                return True
    return False


class ScopedQuerySet(models.QuerySet[M]):
    """Refuses at execution, so that a query can be put together in any order."""

    _is_across = False

    def of(self, cabinet: "Cabinet") -> Self:
        return self.filter(cabinet=cabinet)

    def across_cabinets(self) -> Self:
        """For work that belongs to the installation and not to a cabinet. Never on behalf of a patient or a device."""
        clone = self.all()
        clone._is_across = True  # noqa: SLF001 - of this very class
        return clone

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # Django's hook, which the stubs leave out
        clone._is_across = self._is_across
        return clone

    def _require_cabinet(self) -> None:
        if not self._is_across and not self.query.is_empty() and not _names_cabinet(self.query.where):
            raise UnscopedQuery(f"{self.model.__name__}: start with .of(cabinet), or say .across_cabinets()")

    # Every method of QuerySet that reaches the database passes through one of these.

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._require_cabinet()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        self._require_cabinet()
        return super().iterator(chunk_size=chunk_size)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_cabinet()
        return super().aggregate(*args, **kwargs)

    def count(self) -> int:
        self._require_cabinet()
        return super().count()

    def exists(self) -> bool:
        self._require_cabinet()
        return super().exists()

    def contains(self, obj: models.Model) -> bool:
        self._require_cabinet()
        return super().contains(obj)

    def update(self, **kwargs: Any) -> int:
        self._require_cabinet()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_cabinet()
        return super().delete()

    def explain(self, *, format: str | None = None, **options: Any) -> str:  # noqa: A002 - Django's signature
        self._require_cabinet()
        return super().explain(format=format, **options)

    def raw(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise UnscopedQuery("raw() cannot be checked")


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)
"""`objects` of every table that carries a cabinet. `create` and `bulk_create` need it on every row anyway."""
