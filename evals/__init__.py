"""Gold items in, judged answers out: how far a model can be trusted with figures."""
