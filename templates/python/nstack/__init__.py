"""nstack: serves Python functions as a service.

A service is a file of plain functions, or one class over `nstack.BaseService`; its API stands in nstack.yaml.
"""

from . import testing
from .log import log, metric
from .positioned import Positioned
from .service import BaseService, parameters
from .signatures import vectorised

Module = BaseService
Service = BaseService

__all__ = ["BaseService", "Module", "Positioned", "Service", "log", "metric", "parameters", "testing", "vectorised"]
