"""Dangers of a solved plant: what its streams are against limits of flammability, exposure, explosion.

Each danger comes with its value, the limit, the streams where it holds (the worst first), and the source
of the limit (`species/data/safety.toml`). It is a list of what a safety engineer has to look at, no
hazard analysis: only streams are seen, in steady state, and only the dangers named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from noxplant.species import molar_mass
from noxplant.species.numbers import datum, number, read
from noxplant.thermo import aqueous, hydrazine
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import StreamResult

HYDRAZINE: Final = ("N2H4", "N2H5+", "N2H6++")
NITRITE: Final = ("NO2-", "HNO2")


@dataclass(frozen=True)
class Danger:
    """One danger in a plant.

    Attributes:
        name: what may happen.
        streams: where, the worst first.
        value: in the worst stream.
        limit: what it is compared with.
        unit: SI unit of both.
        beyond: whether the limit is passed.
        advice: what it means and what to do.
        source: of the limit.
        kind: class of the limit: measured, library, recalled, assumption.
    """

    name: str
    streams: tuple[str, ...]
    value: float
    limit: float
    unit: str
    beyond: bool
    advice: str
    source: str
    kind: str

    def as_dict(self) -> dict[str, Any]:
        """Plain form for JSON."""
        return {**asdict(self), "streams": list(self.streams)}


@dataclass(frozen=True)
class Rule:
    """How one danger is found.

    Attributes:
        name: what may happen.
        path: datum of the limit.
        seen: value of a stream, None where the danger is not there.
        advice: what it means and what to do.
    """

    name: str
    path: str
    seen: Callable[[StreamResult], float | None]
    advice: str


@extrapolating()
def dangers(streams: Mapping[str, StreamResult]) -> tuple[Danger, ...]:
    """Dangers of a plant's streams, those beyond their limits first.

    Args:
        streams: results by name.
    """
    out = [d for rule in RULES if (d := _apply(rule, streams.values())) is not None]
    return tuple(sorted(out, key=lambda d: not d.beyond))


def _apply(rule: Rule, streams: Iterable[StreamResult]) -> Danger | None:
    found = {s.name: value for s in streams if (value := rule.seen(s)) is not None}
    if not found:
        return None
    # Six digits, so that rounding does not choose between streams that are alike.
    order = sorted(found, key=lambda name: -float(f"{found[name]:.6g}"))
    limit = datum(rule.path)
    value = found[order[0]]
    return Danger(
        rule.name, tuple(order), value, float(limit.value), limit.unit,
        value >= float(limit.value), rule.advice, limit.source, limit.kind,
    )  # fmt: skip


# gases ----------------------------------------------------------------------------------
def _fractions(s: StreamResult) -> dict[str, float]:
    total = sum(s.flows.values())
    return {j: n / total for j, n in s.flows.items()} if total > 0 else {}


def lower_limits(s: StreamResult) -> float:
    """Sum of mole fractions over lower flammability limits (Le Chatelier); 1 is flammable."""
    y = _fractions(s)
    return sum(y.get(j, 0.0) / number(f"safety.flammability.{j}")[0] for j in _fuels())


def _fuels() -> tuple[str, ...]:
    return tuple(read("safety")["flammability"])


def _rule(name: str) -> float:
    return float(number(f"safety.rule.{name}"))


def _atmosphere(s: StreamResult) -> float | None:
    """Fuel with what burns it in one gas: oxygen, and N2O and NO by the oxygen that they hold."""
    y = _fractions(s) if s.medium == "gas" else {}
    if y.get("O2", 0.0) + (y.get("N2O", 0.0) + y.get("NO", 0.0)) / 2 < _rule("least_oxygen"):
        return None
    share = lower_limits(s)
    return share if share > 0.1 * _rule("lower_limit_share") else None


def _vent(s: StreamResult) -> float | None:
    """Fuel that leaves the plant and meets air; judged by a fourth of the lower limits too."""
    if s.medium != "gas" or s.target is not None:
        return None
    share = lower_limits(s)
    return share if share > _rule("lower_limit_share") else None


def _hydrazine_gas(s: StreamResult) -> float | None:
    y = _fractions(s).get("N2H4", 0.0) if s.medium == "gas" else 0.0
    return y if y > number("safety.hydrazine.ceiling") else None


# liquids --------------------------------------------------------------------------------
def headspace(s: StreamResult) -> float:
    """Mole fraction of hydrazine in gas over a liquid at its temperature and pressure.

    Free N2H4 beside the water, by the activity model of hydrazine and water (+-40 % where dilute).
    """
    free, water = s.flows.get("N2H4", 0.0), s.flows.get("H2O", 0.0)
    if not free > 0 or s.medium == "gas" or not free + water > 0:
        return 0.0
    vapour = hydrazine.partial_pressures(free / (free + water), s.temperature)[0]
    return min(float(vapour) / s.pressure, 1.0)


def _open_vessel(s: StreamResult) -> float | None:
    y = headspace(s)
    return y if y > number("safety.hydrazine.ceiling") else None


def _explosive_headspace(s: StreamResult) -> float | None:
    y = headspace(s)
    return y / number("safety.flammability.N2H4")[0] if y > 0.0029 else None


def _hot_hydrazine(s: StreamResult) -> float | None:
    held = s.medium != "gas" and "N2H4" in s.flows and s.mass_flow > 0
    if not held or s.mass_fraction("N2H4") < _rule("listed_hydrazine"):
        return None
    return s.temperature


def _volume(s: StreamResult) -> float:
    held = set(aqueous.names())
    return float(
        aqueous.volume_flow({j: n for j, n in s.flows.items() if j in held}, s.temperature)
    )


def _together(s: StreamResult, *groups: tuple[str, ...]) -> float | None:
    """Smallest concentration of some groups in a liquid, mol/m3; None below the trace."""
    least = min(sum(s.flows.get(j, 0.0) for j in group) for group in groups)
    if s.medium == "gas" or not least > 0:
        return None
    volume = _volume(s)
    concentration = least / volume if volume > 0 else 0.0
    return concentration if concentration > _rule("trace") else None


def _azide(s: StreamResult) -> float | None:
    return _together(s, HYDRAZINE, NITRITE)


def _hydrazinium_nitrate(s: StreamResult) -> float | None:
    return _together(s, HYDRAZINE, ("NO3-",))


def _ammonium_nitrate(s: StreamResult) -> float | None:
    if s.medium == "gas" or not s.mass_flow > 0:
        return None
    salt = min(s.flows.get("NH4+", 0.0), s.flows.get("NO3-", 0.0)) + s.flows.get("NH4NO3(s)", 0.0)
    share = salt * molar_mass("NH4NO3(s)") / s.mass_flow
    return share if share > _rule("listed_salt") else None


def _above_flash(name: str) -> Callable[[StreamResult], float | None]:
    def seen(s: StreamResult) -> float | None:
        if s.medium == "gas" or not s.mass_flow > 0:
            return None
        return s.temperature if s.mass_fraction(name) > _rule("flash_share") else None

    return seen


RULES: Final = (
    Rule(
        "flammable atmosphere (fuel with oxygen in one gas)",
        "safety.rule.lower_limit_share",
        _atmosphere,
        "sum of mole fractions over lower flammability limits (25 C, Le Chatelier); from 1 on it burns"
        " if there is oxygen enough. Dilute, keep the gases apart, or make it inert.",
    ),
    Rule(
        "gas that leaves the plant burns in air",
        "safety.rule.lower_limit_share",
        _vent,
        "sum of mole fractions over lower flammability limits. Flare it, burn it, dilute it or lead it"
        " off safely.",
    ),
    Rule(
        "hydrazine in a gas",
        "safety.hydrazine.danger_to_life",
        _hydrazine_gas,
        "above 5e-5 there is danger to life (IDLH), above 3e-8 it exceeds the ceiling for work; from"
        " 0.029 on it explodes, without air too. Scrub with acid.",
    ),
    Rule(
        "hydrazine vapour over an open liquid",
        "safety.hydrazine.ceiling",
        _open_vessel,
        "mole fraction in the headspace at equilibrium; carcinogen. Closed vessels under nitrogen,"
        " acid scrubber on vents; at pH 4 or less it is N2H5+ and does not leave.",
    ),
    Rule(
        "explosive headspace over hydrazine",
        "safety.rule.lower_limit_share",
        _explosive_headspace,
        "mole fraction in the headspace over the lower limit of 0.029; hydrazine has no upper limit: it"
        " decomposes with a flame without air. Cool, dilute, or keep it under nitrogen far below.",
    ),
    Rule(
        "decomposition of warm hydrazine",
        "safety.hydrazine.decomposition",
        _hot_hydrazine,
        "temperature of liquid with free hydrazine; Cu, Co, Mo and Fe oxides catalyse its decomposition"
        " (-112 kJ/mol). Keep metals below 1 ppm and vents free, or stay cold.",
    ),
    Rule(
        "hydrazoic acid from hydrazine and nitrite",
        "safety.rule.trace",
        _azide,
        "N2H5+ + HNO2 = HN3 + H+ + 2 H2O: HN3 boils at 309 K, is as toxic as HCN and explodes; its heavy"
        " metal salts detonate. Keep nitrite out of the hydrazine train; never acidify both together.",
    ),
    Rule(
        "hydrazinium nitrate",
        "safety.rule.trace",
        _hydrazinium_nitrate,
        "hydrazine and nitrate in one liquor: N2H5NO3 is an explosive (melts at 343.85 K). Never"
        " evaporate such liquor to dryness; keep nitrate out of the hydrazine train.",
    ),
    Rule(
        "ammonium nitrate",
        "safety.nitrate.ammonium",
        _ammonium_nitrate,
        "mass fraction of NH4NO3 that the liquor or cake can hold; above 0.8 it is a hot concentrated"
        " solution (oxidiser). Never evaporate to dryness, keep acid, chloride, oil and organics out.",
    ),
    Rule(
        "acetonitrile above its flash point",
        "safety.flash_point.acetonitrile",
        _above_flash("acetonitrile"),
        "temperature of liquid with acetonitrile: its vapour burns in air. Nitrogen blanket, no O2 of"
        " the anodes in its vapour space; hot acid with PF6- makes HF.",
    ),
    Rule(
        "methanol above its flash point",
        "safety.flash_point.methanol",
        _above_flash("methanol"),
        "temperature of liquid with methanol: its vapour burns in air. Nitrogen blanket.",
    ),
)
