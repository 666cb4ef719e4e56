"""Pages in, one HTML file out that shows how each was read, beside the page itself; the index is not touched.

    python -m ingest --check ~/pages --report check.html

``reading``: what was made of a page. ``lines``: what became of each of its lines. ``doubts``: suspicions, each with its
place. ``sheet``: all of it as HTML; ``summary``: a few lines for the terminal.
"""
