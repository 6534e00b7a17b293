"""How many people there are, and when: one shape a file, named by a `.conf` beside the locustfile."""
