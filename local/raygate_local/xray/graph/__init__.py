"""The service graph: what of it each trace shows, put together, counted, and as X-Ray answers it."""
