"""A real Kafka and a real PostgreSQL as child processes, for people and for tests."""
