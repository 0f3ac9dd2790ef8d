"""What touches the world: the policy files, the timers' rows, and where Kafka's topics end."""
