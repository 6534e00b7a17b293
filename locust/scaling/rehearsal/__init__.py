"""The scaler on containers that are there: `locust/rehearse`.

A minute of the policies takes a few seconds here, and all that is counted for a minute is counted for such a one. What stands for
ECS is Docker: containers of the deployed task definitions, health checks, the load balancer's targets, the agent by which a
busy annotator protects itself.
"""
