"""The five pages that come with Jushi, retold; ``jushi ingest`` reads them."""
