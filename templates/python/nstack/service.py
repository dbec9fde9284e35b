"""The base class of services, and finding what an author's code serves."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from .errors import METHOD_NOT_FOUND, SERVICE_ERROR, RpcError
from .signatures import Signature, read_signature

_values: dict[str, Any] = {}

parameters: Mapping[str, Any] = MappingProxyType(_values)
"""Values of the service's `config` parameters, set before its code is imported."""

RESERVED = frozenset({"initialize", "startup", "shutdown", "next", "ack"})
"""Names that no function of an API may have."""


class BaseService:
    """A service as a class: each public method is a function of the API. One instance is made, and serves until the end.

    A method written without `self`, as in `def analyse(messages)`, is called with the arguments alone: it is one whose first
    parameter is not called self or cls, and that has as many parameters as the API declares arguments."""

    parameters: Mapping[str, Any] = parameters
    """Values of the service's `config` parameters. A unit test may set it on an instance."""

    @property
    def args(self) -> Mapping[str, Any]:
        return self.parameters

    def startup(self) -> None:
        """Called once, before the first call: load models here. Raising ends the start."""

    def shutdown(self) -> None:
        """Called once, after the last call."""


def set_parameters(values: Mapping[str, Any]) -> None:
    _values.clear()
    _values.update(values)


def import_entry(entry: str) -> ModuleType:
    """Imports the code file as a module of its own name, with its folder on the path for what it imports."""
    path = Path(entry).resolve()
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise RpcError(SERVICE_ERROR, f"there is no Python code at {entry}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


class Code:
    """An author's code, found and constructed: its public functions, and its hooks."""

    def __init__(
        self, source: ModuleType | type, arities: Mapping[str, int], sources: frozenset[str] = frozenset()
    ) -> None:
        """`arities`: how many arguments the API declares for each of its functions. `sources`: those that it declares as such."""
        served = source if isinstance(source, type) else _service_class(source) or source
        self._title = f"class {served.__name__}" if isinstance(served, type) else f"module {served.__name__}"
        module = sys.modules.get(source.__module__) if isinstance(source, type) else source
        self._root = str(Path(getattr(module, "__file__", None) or ".").parent)
        self._served = served
        self._owner: Any = served() if isinstance(served, type) else served
        self._arities = arities
        self._sources = sources

    def startup(self) -> None:
        self._hook("startup")

    def shutdown(self) -> None:
        self._hook("shutdown")

    def public(self) -> list[Signature]:
        """Every function that could be meant, in order of definition; imported names and the hooks of sources are left out."""
        found = [self._read(name, self._callable(name)) for name in self._public_names()]
        hooks = {_ack_of(signature.name) for signature in found if signature.source}
        return [signature for signature in found if signature.name not in hooks]

    def ack(self, source: str, position: Any) -> None:
        """Tells a source what every sink has confirmed, where it has a function for it: `ticks_ack` of `ticks`."""
        hook = getattr(self._owner, _ack_of(source), None)
        if callable(hook):
            hook(position)

    def function(self, name: str) -> Signature:
        """A function of the API. Raises RpcError where the code has none of that name."""
        found = getattr(self._owner, name, None)
        if not callable(found) or isinstance(found, type):
            names = ", ".join(self._public_names()) or "no function"
            raise RpcError(METHOD_NOT_FOUND, f"{self._title} has no function {name}; it has {names}")
        return self._read(name, self._callable(name))

    def _hook(self, name: str) -> None:
        hook = getattr(self._owner, name, None)
        if callable(hook):
            hook()

    def _public_names(self) -> list[str]:
        if isinstance(self._served, type):
            classes = [cls for cls in reversed(self._served.__mro__) if cls not in (object, BaseService)]
            found: dict[str, Any] = {name: value for cls in classes for name, value in vars(cls).items()}
            own = [name for name, value in found.items() if _is_method(value)]
        else:
            module = self._served
            own = [name for name, value in vars(module).items() if _is_function_of(value, module)]
        return [name for name in own if not name.startswith("_") and name not in RESERVED]

    def _callable(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self._owner, name)
        raw = inspect.getattr_static(self._served, name) if isinstance(self._served, type) else None
        if not inspect.isfunction(raw):
            return found
        names = list(inspect.signature(raw).parameters)
        if not names or names[0] in ("self", "cls"):
            return found
        return raw if self._arities.get(name, len(names)) == len(names) else found

    def _read(self, name: str, call: Callable[..., Any]) -> Signature:
        return read_signature(name, call, self._root, name in self._sources)


def _ack_of(source: str) -> str:
    return f"{source}_ack"


def _service_class(module: ModuleType) -> type[BaseService] | None:
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseService) and value.__module__ == module.__name__
    ]
    leaves = [cls for cls in own if not any(other is not cls and issubclass(other, cls) for other in own)]
    if len(leaves) > 1:
        names = ", ".join(cls.__name__ for cls in leaves)
        raise RpcError(SERVICE_ERROR, f"{module.__name__} has more than one service class: {names}")
    return leaves[0] if leaves else None


def _is_method(value: Any) -> bool:
    return inspect.isfunction(value) or isinstance(value, (staticmethod, classmethod))


def _is_function_of(value: Any, module: ModuleType) -> bool:
    return inspect.isfunction(value) and value.__module__ == module.__name__
