"""Whether what is there is what was wanted."""


def unlike(wanted, found, path=""):
    """(path, wanted, found) of everything that was wanted and is not so. Texts and numbers are one; more may be there."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            below = f"{path}.{key}" if path else key
            yield from unlike(value, found.get(key) if isinstance(found, dict) else None, below)
    elif isinstance(wanted, list):
        found = found if isinstance(found, list) else [found]
        for item in wanted:
            candidates = [list(unlike(item, other, path)) for other in found if same_name(item, other)]
            yield from min(candidates, key=len, default=[(path, item, found)])
    elif isinstance(wanted, bool) or isinstance(found, bool):
        if str(wanted).lower() != str(found).lower():
            yield path, wanted, found
    elif wanted != found and number(wanted) != number(found):
        yield path, wanted, found


def same_name(item, other):
    """Items of a list that have a name are compared with the one of that name."""
    keys = [k for k in ("Name", "Key", "IndexName", "PolicyName", "ContainerPort", "Sid") if isinstance(item, dict) and k in item]
    return not keys or (isinstance(other, dict) and other.get(keys[0]) == item[keys[0]])


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
