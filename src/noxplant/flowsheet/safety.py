"""Dangers of a solved plant: what its streams are against limits of flammability, exposure, explosion.

Each danger comes with its value, the limit, the streams where it holds (the worst first), and the source
of the limit (`species/data/safety.toml`). It is a list of what a safety engineer has to look at, no
hazard analysis: only streams are seen, in steady state, and only the dangers named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from noxplant.flowsheet import hazards
from noxplant.flowsheet.hazards import headspace, lower_limits
from noxplant.species.numbers import datum
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import StreamResult

__all__ = ["RULES", "Danger", "Rule", "dangers", "headspace", "lower_limits"]

TOXIC: Final = {
    "NH3": ("ammonia", "Scrub with acid, or lead it off closed."),
    "NO2": (
        "nitrogen dioxide (with N2O4)",
        "Lung oedema hours later. Absorb it, or reduce it catalytically; oxidise NO before the absorber.",
    ),
    "NO": (
        "nitric oxide",
        "It turns to NO2 in air. Oxidise and absorb it, or reduce it catalytically.",
    ),
    "HNO3": ("nitric acid", "Scrub with water or lye."),
    "HCl": ("hydrogen chloride", "Scrub with water or lye."),
    "Cl2": ("chlorine", "Scrub with lye; with ammonia it makes NCl3, which explodes."),
    "CO": ("carbon monoxide", "Burn it, or lead it off closed."),
    "acetonitrile": ("acetonitrile", "The body makes cyanide of it. Condense, scrub or burn it."),
    "methanol": ("methanol", "Condense, scrub or burn it."),
    "formaldehyde": ("formaldehyde", "Carcinogen. Scrub or burn it."),
}
"""Gases that are judged where they leave the plant: words and what to do."""


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


RULES: Final = (
    Rule(
        "flammable atmosphere (fuel with oxygen in one gas)",
        "safety.rule.lower_limit_share",
        hazards.atmosphere,
        "sum of mole fractions over lower flammability limits (25 C, Le Chatelier); from 1 on it burns"
        " if there is oxygen enough. Dilute, keep the gases apart, or make it inert.",
    ),
    Rule(
        "gas that leaves the plant burns in air",
        "safety.rule.lower_limit_share",
        hazards.vent,
        "sum of mole fractions over lower flammability limits. Flare it, burn it, dilute it or lead it"
        " off safely.",
    ),
    Rule(
        "hydrazine in a gas",
        "safety.hydrazine.danger_to_life",
        hazards.hydrazine_gas,
        "inside the plant: above 5e-5 a leak is a danger to life (IDLH), above 3e-8 it exceeds the"
        " ceiling for work; from 0.029 on it explodes, without air too.",
    ),
    Rule(
        "hydrazine in gas that leaves the plant",
        "safety.hydrazine.ceiling",
        hazards.leaving("N2H4", "safety.hydrazine.ceiling"),
        "mole fraction against the ceiling for work (danger to life from 5e-5 on); carcinogen. Scrub"
        " with acid.",
    ),
    *(
        Rule(
            f"{words} in gas that leaves the plant",
            f"safety.danger_to_life.{name}",
            hazards.leaving(name, f"safety.danger_to_life.{name}"),
            f"mole fraction against danger to life (IDLH), before any dilution. {todo}",
        )
        for name, (words, todo) in TOXIC.items()
    ),
    Rule(
        "ammonium nitrate and nitrite from ammonia and NO2 in one gas",
        "safety.explosive.deposit",
        hazards.deposit,
        "smaller mole fraction of NH3 and of NO2, N2O4 and HNO3 in gas below 443 K: ammonium nitrate and"
        " nitrite settle in ducts, fans and filters and explode there. Keep the two apart, wash with"
        " water, steam the ducts out.",
    ),
    Rule(
        "hydrazine vapour over an open liquid",
        "safety.hydrazine.ceiling",
        hazards.open_vessel,
        "mole fraction in the headspace at equilibrium; carcinogen. Closed vessels under nitrogen,"
        " acid scrubber on vents; at pH 4 or less it is N2H5+ and does not leave.",
    ),
    Rule(
        "explosive headspace over hydrazine",
        "safety.rule.lower_limit_share",
        hazards.explosive_headspace,
        "mole fraction in the headspace over the lower limit of 0.029; hydrazine has no upper limit: it"
        " decomposes with a flame without air. Cool, dilute, or keep it under nitrogen far below.",
    ),
    Rule(
        "decomposition of warm hydrazine",
        "safety.hydrazine.decomposition",
        hazards.hot_hydrazine,
        "temperature of liquid with free hydrazine; Cu, Co, Mo and Fe oxides catalyse its decomposition"
        " (-112 kJ/mol). Keep metals below 1 ppm and vents free, or stay cold.",
    ),
    Rule(
        "hydrazoic acid from hydrazine and nitrite",
        "safety.rule.trace",
        hazards.azide,
        "N2H5+ + HNO2 = HN3 + H+ + 2 H2O: HN3 boils at 309 K, is as toxic as HCN and explodes; its heavy"
        " metal salts detonate. Keep nitrite out of the hydrazine train; never acidify both together.",
    ),
    Rule(
        "hydrazinium nitrate",
        "safety.explosive.energy",
        hazards.hydrazinium_nitrate,
        "energy of decomposition of the N2H5NO3 that the liquor can hold: from the limit on an explosive"
        " in solution, dry an explosive anyway (melts at 343.85 K). Never evaporate such liquor; keep"
        " nitrate out of the hydrazine train.",
    ),
    Rule(
        "ammonium nitrite",
        "safety.explosive.energy",
        hazards.ammonium_nitrite,
        "energy of NH4+ + NO2- = N2 + 2 H2O in this liquor: it runs by itself in acid and when warm (24 L"
        " of N2 per mol), the salt explodes at 60 to 70 C. Keep it alkaline and cold, never acidify or"
        " evaporate it, keep chromium and chloride out.",
    ),
    Rule(
        "ammonium nitrate",
        "safety.nitrate.ammonium",
        hazards.ammonium_nitrate,
        "mass fraction of NH4NO3 that the liquor or cake can hold; above 0.8 it is a hot concentrated"
        " solution (oxidiser). Never evaporate to dryness, keep acid, chloride, oil and organics out.",
    ),
    Rule(
        "chloride in ammonium nitrate",
        "safety.nitrate.chloride",
        hazards.chloride,
        "kg of chloride per kg of NH4NO3 in liquor with a fifth or more of it: with acid it catalyses a"
        " decomposition that is violent from some 175 C on. Keep chloride out, or never concentrate.",
    ),
    Rule(
        "organics in ammonium nitrate",
        "safety.nitrate.organics",
        hazards.organics,
        "kg of combustibles per kg of NH4NO3 in liquor with a fifth or more of it: fuel for an explosive."
        " Take them out before it is concentrated or heated.",
    ),
    Rule(
        "liquid ammonia",
        "safety.ammonia.liquid",
        hazards.liquid_ammonia,
        "mass fraction of NH3 in a liquid; above the limit, and as anhydrous ammonia, it flashes to a"
        " cold toxic cloud when it leaks. Keep holdups small, with shut-off valves and gas alarms.",
    ),
    Rule(
        "acetonitrile above its flash point",
        "safety.flash_point.acetonitrile",
        hazards.above_flash("acetonitrile"),
        "temperature of liquid with acetonitrile: its vapour burns in air. Nitrogen blanket, no O2 of"
        " the anodes in its vapour space; hot acid with PF6- makes HF.",
    ),
    Rule(
        "methanol above its flash point",
        "safety.flash_point.methanol",
        hazards.above_flash("methanol"),
        "temperature of liquid with methanol: its vapour burns in air. Nitrogen blanket.",
    ),
)
