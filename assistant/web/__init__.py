"""The page in the browser: questions in, streamed answers out; no retrieval, no prompts."""
