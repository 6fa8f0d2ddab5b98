from pathlib import Path

import pytest

from noxplant import routes
from noxplant.basis import read_basis
from noxplant.errors import ModelError, SpecError, UsageError

ROUTES = Path(__file__).resolve().parents[1] / "data" / "routes"
GOOD = '[A]\nx = { value = 1, unit = "kW", source = "s", class = "measured" }\n'


def write(folder: Path, text: str, name: str = "basis.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_basis_is_read_in_si(tmp_path: Path) -> None:
    text = GOOD + (
        '"fe[NO3- -> NH3]" = { value = 90, unit = "%", source = "s", class = "assumption",'
        ' low = 80, high = 95, reason = "r." }\nacid = "HCl"\n'
    )
    basis = read_basis(write(tmp_path, text))
    assert basis["A.x"] == 1000.0
    assert basis.of("A") == {"x": 1000.0, "fe": {"NO3- -> NH3": 0.9}}
    assert basis.choice("A.acid") == "HCl"
    (assumption,) = basis.assumptions()
    assert (assumption["low"], assumption["high"], assumption["unit"]) == (0.8, 0.95, "1")
    assert basis.unread() == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[A]\nx = 3\n", "x = 3 has no unit and no source"),
        ('[A]\nx = { value = 1, unit = "K" }\n', "no source, no class"),
        (GOOD.replace("measured", "mesured"), "Did you mean 'measured'"),
        (GOOD.replace("measured", "assumption"), "lacks low, high, reason"),
        (GOOD.replace("kW", "kWx"), "basis.toml: A.x: 'kWx' is no unit"),
        (GOOD.replace("value = 1", 'value = "a"'), "is no number"),
        (GOOD.replace("value = 1", "value = nan"), "is not finite"),
        (GOOD.replace("source", "sauce"), "no field 'sauce'. Did you mean 'source'"),
        (GOOD.replace("value = 1", "value = 9, low = 1, high = 2"), "outside its own range"),
        ("[A\n", "basis.toml"),
    ],
)
def test_wrong_basis(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        read_basis(write(tmp_path, text))


def test_unknown_number_of_a_basis(tmp_path: Path) -> None:
    basis = read_basis(write(tmp_path, GOOD))
    with pytest.raises(SpecError, match=r"no number 'A.y'. Did you mean 'A.x'"):
        _ = basis["A.y"]
    with pytest.raises(SpecError, match="no choice 'A.acid'"):
        basis.choice("A.acid")
    with pytest.raises(SpecError, match="no number"):
        basis.override({"A.z": 1.0})


def test_route_by_path_with_variant() -> None:
    route = routes.find(str(ROUTES / "warm-lye"))
    assert route.name == "warm-lye"
    assert route.variants == ("cool",)
    assert route.summary.startswith("Lye is warmed")
    assert routes.load(route).value("H-101.temperature") == 350.15
    assert routes.load(route, "cool").value("H-101.temperature") == 333.15
    assert routes.unread_numbers(route) == []
    plant = routes.load(str(ROUTES / "warm-lye" / "plant.py"), values={"F-101.lye": 2.0})
    assert plant.value("F-101.amount[KOH]") == 2.0
    assert plant.assumptions[0]["name"] == "F-101.water"


def test_unknown_route_and_variant() -> None:
    with pytest.raises(UsageError, match="no route 'nowhere'"):
        routes.find("nowhere")
    with pytest.raises(UsageError, match="no variant 'col'. Did you mean 'cool'"):
        routes.load(str(ROUTES / "warm-lye"), "col")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1\n", "no function build"),
        ("def build(basis):\n    return 3\n", "returned 3, not a Flowsheet"),
        ("def build(:\n", "plant.py, line 1"),
    ],
)
def test_wrong_plant(tmp_path: Path, code: str, message: str) -> None:
    write(tmp_path, code, "plant.py")
    with pytest.raises(ModelError, match=message):
        routes.load(str(tmp_path))


def test_variant_that_nobody_reads(tmp_path: Path) -> None:
    for file in ("plant.py", "basis.toml"):
        write(tmp_path, (ROUTES / "warm-lye" / file).read_text(), file)
    number = '{ value = 60, unit = "degC", source = "s", class = "estimate" }'
    write(tmp_path, f"[H-102]\ntemperature = {number}\n", "odd.toml")
    with pytest.raises(ModelError, match=r"H-102.temperature, which build\(\) does not read"):
        routes.load(str(tmp_path), "odd")


def test_shipped_routes_are_found() -> None:
    folder = routes.shipped_folder()
    assert folder is not None
    assert folder.name == "flowsheets"
