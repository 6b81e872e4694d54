"""The scale shape on one machine: PostgreSQL, Kafka, Redis, an API, two redirects, consumers, and nginx in front."""
