"""What the program costs, as tables: ``python -m evals.benchmarks.cold`` and ``python -m evals.benchmarks.growth``.

Reading in by stage is measured by ``python -m ingest.speed``.
"""
