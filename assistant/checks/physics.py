"""Claims of one story in, what nature does not allow out: the sun on a roof, a year's hours, what can be rolled up."""

import re
from collections.abc import Iterator
from math import pi, sqrt

from assistant.checks.doubt import METRICS, Sentence, amount, base, found, reading
from assistant.records import Account, Suspicion


def solar(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """Solar power over the area that bears it."""
    most = METRICS["physics"]["solar_watts_per_square_metre"]
    for row in rows:
        if "光伏" not in row.text:
            continue
        power = [c for c in row.claims if c.figure.kind == "power"]
        area = [c for c in row.claims if c.figure.kind == "area"]
        if len(power) != 1 or len(area) != 1:
            continue
        watts = base(power[0])[1] * 1000 / base(area[0])[1]
        if watts > most:
            doubt = reading(power[0], most * base(area[0])[1] / 1000)
            yield found(
                account,
                "physics",
                "所印装机容量非该面积所能承载：阳光照射约1000瓦/平方米，组件不过其四分之一",
                f"{power[0].figure.text}÷{area[0].figure.text}={amount(watts)}瓦/平方米",
                doubt,
                power[0],
                against=(area[0],),
            )


def energy(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """A year's energy above what the installed power can give in all its hours."""
    hours = METRICS["physics"]["hours_of_a_year"]
    for row in rows:
        power = [c for c in row.claims if c.figure.kind == "power" and "装机" in c.metric + row.text]
        output = [c for c in row.claims if c.figure.kind == "energy" and re.search("年.{0,6}发电", row.text)]
        if len(power) != 1 or len(output) != 1 or re.search("累计|截至", row.text):
            continue
        most = base(power[0])[1] * hours
        if base(output[0])[1] > most:
            yield found(
                account,
                "physics",
                "年发电量超过装机满发一年之量",
                f"{output[0].figure.text}>{power[0].figure.text}×8784小时",
                reading(output[0], most),
                output[0],
                against=(power[0],),
            )


def coil(account: Account, rows: tuple[Sentence, ...]) -> Iterator[Suspicion]:
    """Thickness times length of what is rolled up: the coil's diameter, √(4·t·L/π)."""
    most = METRICS["physics"]["coil_metres"]
    for row in rows:
        if not re.search("[铝钢铜带]卷|卷材|箔", row.text):
            continue
        lengths = [c for c in row.claims if c.figure.kind == "length"]
        thin = [c for c in lengths if c.figure.unit in ("毫米", "微米") and re.search("厚", c.metric + row.text)]
        long = [c for c in lengths if c.figure.unit in ("米", "公里")]
        if len(thin) != 1 or len(long) != 1:
            continue
        t, length = float(base(thin[0])[1]), float(base(long[0])[1])
        width = sqrt(4 * t * length / pi)
        if width > most:
            doubt = reading(thin[0], most**2 * pi / (4 * length))
            yield found(
                account,
                "physics",
                "如此厚、如此长的板材卷不成卷",
                f"√(4×{thin[0].figure.text}×{long[0].figure.text}÷π)，卷径约{width:.1f}米",
                doubt,
                thin[0],
                against=(long[0],),
            )
