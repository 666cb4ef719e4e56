"""The prompts, one a file; ``assistant.prompts`` loads them."""
