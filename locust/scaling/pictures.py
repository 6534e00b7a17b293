"""Pictures of a course, as SVG: few lines, with words on them, for a white page."""

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

OURS, FIRST, PLAIN, LIMIT = "#0b6e99", "#c2500a", "#777777", "#b00020"
# Text stays text, and two runs make the same file.
pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "gas", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
                        "axes.grid": True, "grid.color": "#e4e4e4", "axes.titlesize": 10, "axes.titlelocation": "left", "legend.frameon": False})


def panels(path, title, x, rows, unit):
    """Panels one below the other over one axis. A row is (name, [(label, values, colour)], how): `steps` for what stays until it
    changes, `log` for what goes from one to thousands, or nothing."""
    figure, axes = pyplot.subplots(len(rows), 1, figsize=(8, 1.9 * len(rows) + 0.5), sharex=True, layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    for axis, (name, lines, how) in zip(axes, rows):
        for label, values, colour in lines:
            axis.plot(x[:len(values)], values, color=colour, label=label, linewidth=1.3, drawstyle="steps-post" if how == "steps" else "default")
        axis.set_title(name)
        if how == "log":
            axis.set_yscale("symlog", linthresh=10)
        axis.set_ylim(bottom=0)
        if len(lines) > 1:
            beside_title(axis, len(lines))
    axes[-1].set_xlim(x[0], x[-1])
    axes[-1].set_xlabel(unit)
    save(figure, path)


def beside_title(axis, lines):
    """The legend above the panel, where no line goes through it."""
    axis.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=lines, borderaxespad=0, fontsize=8)


def tradeoff(path, title, curves, wait):
    """Wait and cost by MaxTasks: curves are (label, [(most, p95, p99, dollars)], colour)."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    for label, points, colour in curves:
        most, p95, p99, dollars = zip(*points)
        left.plot(most, [p / 60 for p in p95], color=colour, marker="o", markersize=3, label=f"{label}, p95")
        left.plot(most, [p / 60 for p in p99], color=colour, marker="o", markersize=3, linestyle=":", label=f"{label}, p99")
        right.plot(most, dollars, color=colour, marker="o", markersize=3, label=label)
    left.axhline(wait / 60, color=LIMIT, linewidth=1)
    left.annotate("10 minutes", (0, wait / 60), xycoords=("axes fraction", "data"), ha="left", va="top", color=LIMIT, fontsize=8)
    for axis, name in ((left, "wait, minutes"), (right, "annotators of a day, dollars")):
        axis.set(xlabel="MaxTasks", title=name)
        axis.set_xlim(left=0)
        axis.set_ylim(bottom=0)
        axis.legend(fontsize=8)
    save(figure, path)


def save(figure, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
