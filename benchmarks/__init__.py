"""How fast kspec is, compared with searches written by hand and with Spin, measured on one machine in one go.

`python -m benchmarks` measures everything that docs/performance.md tells.
"""
