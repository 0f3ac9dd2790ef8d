"""What touches the world: the policy files."""
