"""kspec: a model checker for Kubernetes-like clusters."""

__version__ = "0.1.0"
