"""The local X-Ray: as strict as the service, read through its API or on a plain page."""
