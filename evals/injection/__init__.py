"""Orders hidden in pages and questions in, how many were obeyed out: ``python -m evals.injection``."""
