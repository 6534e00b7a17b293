"""What is left of a rehearsal: CSV of each minute, pictures, words."""

from .. import pictures

# Columns of each service above its tasks.
SHOWN = {"web": (("requests", "requests in a minute"), ("latency_ms", "latency, ms")),
         "annotator": (("waiting", "messages that wait"), ("age_s", "age of what is received, s"))}


def drawn(name, courses, folder):
    """One picture of a service for all policies that were tried: `courses` is {words: course}."""
    colours = dict(zip(courses, (pictures.OURS, pictures.FIRST)))
    one = next(iter(courses.values()))
    minutes = range(max(len(c.rows) for c in courses.values()))

    def lines(value):
        return [(words, [value(r) for r in c.rows], colours[words]) for words, c in courses.items()]

    def column(which):
        at = one.service.columns.index(which)
        return lines(lambda row: row.seen[at])

    # One word for all of them; a label that begins with _ is not shown.
    names = ["healthy", *(["_"] * (len(courses) - 1))]
    tasks = [*lines(lambda r: r.wanted), *[(name, [r.tasks for r in c.rows], pictures.PLAIN) for name, c in zip(names, courses.values())]]
    rows = [(words, column(which), "") for which, words in SHOWN[name]]
    title = f"{name}: a rehearsal with containers, a minute in {one.seconds:g} s"
    pictures.panels(folder / f"{name}.svg", title, list(minutes), [*rows, ("tasks wanted, and healthy", tasks, "steps")], "minute of the policies")
