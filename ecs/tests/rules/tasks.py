"""Task definitions and services."""

import re
import ssl
import time

import source
from templates import SERVICES, container, imports, secrets, variables

from . import rule

# Fargate stops a task for good after so many seconds at the most.
LONGEST_STOP = 120
# Images live for a while, and so must the authorities in them.
YEARS_AHEAD = 5 * 365 * 86_400


def tasks(house):
    for template in house.templates:
        for name, task in template.of_type("ECS::TaskDefinition"):
            yield template, name, task


def deployed(house):
    for template in house.templates:
        for name, service in template.of_type("ECS::Service"):
            yield template, name, service


@rule
def a_service_is_its_task_first(house):
    """One file a service, its task definition the first resource, container and program called like the file."""
    for template, name in zip(house.services, SERVICES):
        first = next(iter(template.resources))
        if template.resources[first]["Type"] != "AWS::ECS::TaskDefinition":
            yield template, first, "the first resource is not the task definition"
            continue
        if container(template)["Name"] != name or container(template)["Command"] != [name, "serve"]:
            yield template, first, f"the container is not {name}, or does not run `{name} serve`"


@rule
def a_load_balancer_finds_its_container(house):
    """The container and the port that a load balancer is told are those of the task, and of the target group."""
    for template, name, service in deployed(house):
        task = template.resources[service["TaskDefinition"]["Ref"]]["Properties"]
        ports = {c["Name"]: [p["ContainerPort"] for p in c.get("PortMappings", [])] for c in task["ContainerDefinitions"]}
        groups = dict(house.template("cluster").of_type("ElasticLoadBalancingV2::TargetGroup"))
        for balanced in service.get("LoadBalancers", []):
            if balanced["ContainerName"] not in ports:
                yield template, name, f"there is no container {balanced['ContainerName']}"
            elif balanced["ContainerPort"] not in ports[balanced["ContainerName"]]:
                yield template, name, f"{balanced['ContainerName']} has no port {balanced['ContainerPort']}"
            elif groups[imports(balanced["TargetGroupArn"])[0]]["Port"] != balanced["ContainerPort"]:
                yield template, name, "the target group has another port"


@rule
def a_port_is_the_one_the_program_listens_on(house):
    """The ports of a task are those of its listening variables, 9090 for metrics among them."""
    for template in house.services:
        listens = {int(str(v).rsplit(":", 1)[1]) for k, v in variables(template).items() if k.endswith("_LISTEN")}
        ports = {p["ContainerPort"] for p in container(template)["PortMappings"]}
        if listens != ports:
            yield template, "TaskDefinition", f"ports {sorted(ports)}, but the program listens on {sorted(listens)}"
        if container(template)["DockerLabels"].get("GAS_METRICS_PORT") != "9090":
            yield template, "TaskDefinition", "the collector does not find it: no label GAS_METRICS_PORT"


@rule
def a_stop_is_no_longer_than_fargate_allows(house):
    """Each container says how long it may take to stop: 120 s at the most."""
    for template, name, task in tasks(house):
        for c in task["ContainerDefinitions"]:
            if not 0 < c.get("StopTimeout", 0) <= LONGEST_STOP:
                yield template, name, f"{c['Name']} has StopTimeout {c.get('StopTimeout')}"


@rule
def a_stop_outlasts_the_load_balancer(house):
    """Who is behind the load balancer has longer to stop than requests have to end."""
    cluster = house.template("cluster").parameters
    for template in house.services:
        if template.resources["Service"]["Properties"].get("LoadBalancers"):
            if container(template)["StopTimeout"] < cluster["DeregistrationSeconds"]["Default"]:
                yield template, "TaskDefinition", "stops before the load balancer has taken it out"


@rule
def a_task_can_be_started(house):
    """Each task has an execution role and a task role of its own template."""
    for template, name, task in tasks(house):
        for role in ("ExecutionRoleArn", "TaskRoleArn"):
            if template.resources.get(task.get(role, {}).get("Fn::GetAtt", [""])[0], {}).get("Type") != "AWS::IAM::Role":
                yield template, name, f"has no {role} of its own"


@rule
def a_task_is_nobody_with_nothing(house):
    """Read-only root, no capabilities, a health check; user 10001, but for the collector, which writes to a volume."""
    for template, name, task in tasks(house):
        for c in task["ContainerDefinitions"]:
            if c.get("User") != ("0:0" if c["Name"] == "collector" else "10001:10001"):
                yield template, name, f"{c['Name']} is user {c.get('User')}"
            if c.get("ReadonlyRootFilesystem") is not True:
                yield template, name, f"{c['Name']} may write its root"
            if c.get("LinuxParameters", {}).get("Capabilities", {}) != {"Drop": ["ALL"]}:
                yield template, name, f"{c['Name']} keeps capabilities"
            if c.get("HealthCheck", {}).get("Command", [None])[0] != "CMD":
                yield template, name, f"{c['Name']} has no health check"


@rule
def a_health_check_is_the_image_s(house):
    """Docker and ECS judge a container alike: same command, same figures."""
    for template, name in zip(house.services, SERVICES):
        check = container(template)["HealthCheck"]
        ours = (f'--interval={check["Interval"]}s --timeout={check["Timeout"]}s --start-period={check["StartPeriod"]}s '
                f'--retries={check["Retries"]} CMD {check["Command"][1:]}').replace("'", '"')
        if f"HEALTHCHECK {ours}" not in house.image(name):
            yield template, "TaskDefinition", f"docker/Dockerfile has another health check than {ours}"


@rule
def a_volume_can_be_written(house):
    """Who is not root writes to a volume only where the image gives the folder to its user and declares it a volume."""
    for template in house.services:
        for mount in container(template).get("MountPoints", []):
            path, image = mount["ContainerPath"], house.image(container(template)["Name"])
            if f"VOLUME {path}\n" not in image or f"chown 10001:10001 {path}\n" not in image:
                yield template, "TaskDefinition", f"docker/Dockerfile does not give {path} to user 10001 as a volume"


@rule
def who_vouches_for_the_database_is_in_the_image(house):
    """The file of authorities that a task names is in every image; each of them is one, for years to come."""
    for template in house.services:
        for variable, path in variables(template).items():
            if variable.endswith("_CA") and f"COPY docker/rds.pem {path}\n" not in house.image("service"):
                yield template, "TaskDefinition", f"{variable} names {path}, which docker/Dockerfile does not bring"
    text = house.files["docker/rds.pem"]
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=text)
        ends = [ssl.cert_time_to_seconds(c["notAfter"]) for c in context.get_ca_certs()]
    except ssl.SSLError as error:
        ends, text = [], f"{error}: BEGIN CERTIFICATE"
    if len(ends) != text.count("BEGIN CERTIFICATE") or min(ends) < time.time() + YEARS_AHEAD:
        yield house.template("data"), "Database", "docker/rds.pem has what is no authority, or is none for much longer"


@rule
def a_log_is_chosen_by_hand(house):
    """The log group is the template's, kept for 90 days; its mode is written out, and blocking for billing alone."""
    for template, name, task in tasks(house):
        for c in task["ContainerDefinitions"]:
            options = c["LogConfiguration"]["Options"]
            group = template.resources[options["awslogs-group"]["Ref"]]["Properties"]
            if group.get("RetentionInDays") != 90:
                yield template, name, "the log is not kept for 90 days"
            expected = {"blocking"} if c["Name"] == "billing" else {"non-blocking"}
            if {options.get("mode")} != expected or (options["mode"] == "non-blocking") != ("max-buffer-size" in options):
                yield template, name, f"the log's mode is {options.get('mode')}"


@rule
def a_variable_is_known(house):
    """No service is given a variable that it does not know, or a secret in plain sight."""
    for template, name in zip(house.services, SERVICES):
        known = source.variables(name)
        for variable in [*variables(template), *secrets(template)]:
            if variable not in known:
                yield template, "TaskDefinition", f"{name} does not know {variable}"
        for variable in variables(template):
            if known.get(variable, {}).get("secret") or re.search("PASSWORD|SECRET", variable):
                yield template, "TaskDefinition", f"{variable} is a secret, and everybody who may look reads it"


@rule
def a_variable_that_is_needed_is_given(house):
    """Each service gets what it cannot start without."""
    for template, name in zip(house.services, SERVICES):
        given = {**variables(template), **secrets(template)}
        for variable, kind in source.variables(name).items():
            if kind["needed"] and variable not in given and kind["unless"] not in given:
                yield template, "TaskDefinition", f"{name} does not start without {variable}"


@rule
def a_deployment_goes_on_and_goes_back(house):
    """Rolling, 100 to 200 %, with a breaker and alarms that roll back; early success for the annotator alone."""
    for template in house.services:
        service = template.resources["Service"]["Properties"]
        deployment = service["DeploymentConfiguration"]
        if (deployment.get("Strategy"), deployment.get("MinimumHealthyPercent"), deployment.get("MaximumPercent")) != ("ROLLING", 100, 200):
            yield template, "Service", "is not deployed rolling, 100 to 200 %"
        breaker, alarms = deployment.get("DeploymentCircuitBreaker", {}), deployment.get("Alarms", {})
        if not (breaker.get("Enable") and breaker.get("Rollback")):
            yield template, "Service", "no breaker rolls back"
        if not (alarms.get("Enable") and alarms.get("Rollback") and alarms.get("AlarmNames")):
            yield template, "Service", "no alarm rolls back"
        early = deployment.get("EarlySuccessCriteria", {})
        if (early.get("SourceServiceRevisionCleanup") == "DEFERRED") != (template.stack == "services/annotator"):
            yield template, "Service", "early success is for the annotator alone"
        if service.get("PropagateTags") != "SERVICE" or not service.get("Tags"):
            yield template, "Service", "its tasks have no name"


@rule
def a_service_has_one_way_to_get_capacity(house):
    """No LaunchType beside capacity providers; Spot only above a base that is not."""
    for template, name, service in deployed(house):
        strategy = service.get("CapacityProviderStrategy", [])
        if "LaunchType" in service or not strategy:
            yield template, name, "says LaunchType, or no capacity provider"
        spot = [s for s in strategy if s["CapacityProvider"] == "FARGATE_SPOT"]
        if spot and not any(s.get("Base") and s.get("Weight") for s in strategy if s not in spot):
            yield template, name, "everything may be on Spot"
