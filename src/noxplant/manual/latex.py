"""Python expressions of `equations` as LaTeX, in the symbols of process engineering."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from latexify.codegen.expression_codegen import ExpressionCodegen

STATE: Mapping[str, str] = {
    "temperature": "T",
    "pressure": "p",
    "total_flow": r"\dot n",
    "enthalpy_flow": r"\dot H",
    "volume_flow": r"\dot V",
    "mass_flow": r"\dot m",
    "ph": r"\mathrm{pH}",
    "p_h": r"\mathrm{pH}",
}
"""Symbols of a stream's own properties."""
KEYED: Mapping[str, str] = {"flow": r"\dot n", "true": r"\dot n", "phase_flow": r"\dot n"}
"""Symbols of a stream's properties per species."""
METHODS: Mapping[str, str] = {
    "content": r"\dot N",
    "equilibrium_pressure": r"p^{*}",
    "fugacity": "f",
    "molality": "m",
    "amount": r"\dot n",
}
"""Symbols of what a stream computes per species."""
LEGEND = (
    r"$`\dot n_i^{s}`$ flow of species (or basis total) $`i`$ in stream $`s`$, mol/s;"
    r" $`\dot N_c^{s}`$ flow of the conserved component $`c`$, mol/s; $`T`$ K; $`p`$ Pa;"
    r" $`\dot H`$ enthalpy flow counted from the elements, W; $`\dot V`$ m3/s; $`p^{*}_i`$"
    " equilibrium partial pressure over the liquid, Pa. Words stand for the unit's own quantities"
    " in the SI units of the table; upright names with brackets are functions of the library."
)
_PLAIN = {"value", "float", "at"}
_SMALL = {"exp", "log", "log10", "sqrt", "tanh", "sin", "cos", "abs", "sinh", "asinh"}


def words(name: str) -> str:
    """An identifier or key as upright text that LaTeX can set."""
    text = name.replace("self.", "").replace("_", " ").strip()
    for bad in ("\\", "{", "}", "#", "%", "&", "$", "^"):
        text = text.replace(bad, "" if bad in "\\{}" else "\\" + bad)
    return rf"\text{{{text}}}"


def symbol(name: str) -> str:
    """A local name: one letter in italics with its number as index, longer ones as words."""
    short = re.fullmatch(r"([A-Za-z])_?(\d*)", name)
    if short:
        return short[1] + (f"_{{{short[2]}}}" if short[2] else "")
    greek = {"eta", "kappa", "alpha", "beta", "gamma", "nu", "tau", "theta", "phi", "rho", "lam"}
    if name in greek:
        return "\\" + {"lam": "lambda"}.get(name, name)
    return words(name)


class Writer(ExpressionCodegen):
    """Writes one expression; streams and quantities by their symbols, local names by `known`.

    Args:
        known: local names that only stand for something else, with what they stand for.
    """

    def __init__(self, known: Mapping[str, ast.expr] | None = None) -> None:
        super().__init__(use_math_symbols=False)
        self.known = dict(known or {})

    def write(self, node: ast.expr) -> str:
        """LaTeX of an expression."""
        return str(self.visit(node))

    def resolved(self, node: ast.expr) -> ast.expr:
        """A name replaced by what it stands for."""
        while isinstance(node, ast.Name) and node.id in self.known:
            node = self.known[node.id]
        return node

    def label(self, node: ast.expr) -> str:
        """A stream in words, for the place of a superscript."""
        node = self.resolved(node)
        if isinstance(node, ast.Subscript):
            return rf"{self.label(node.value)}\,{self.write(node.slice)}"
        if isinstance(node, ast.Name):
            return symbol(node.id)
        if isinstance(node, ast.Attribute):
            return words(node.attr)
        return words(ast.unparse(node))

    def key(self, node: ast.expr) -> str:
        """A species, component or index."""
        node = self.resolved(node)
        if isinstance(node, ast.Constant):
            return rf"\mathrm{{{chemical(str(node.value))}}}"
        if isinstance(node, ast.Attribute):
            return words(node.attr)
        return self.write(node)

    def visit_Name(self, node: ast.Name) -> str:
        """A local name, or what it stands for."""
        found = self.resolved(node)
        if isinstance(found, ast.Name):
            return symbol(found.id)
        text = self.write(found)
        return rf"\left({text}\right)" if isinstance(found, ast.BinOp) else text

    def visit_Constant(self, node: ast.Constant) -> str:
        """Text as text, numbers in powers of ten."""
        if isinstance(node.value, str):
            return rf"\mathrm{{{chemical(node.value)}}}"
        if isinstance(node.value, float) and "e" in f"{node.value!r}":
            mantissa, _, power = f"{node.value!r}".partition("e")
            front = "" if mantissa in ("1", "1.0") else rf"{mantissa} \cdot "
            return rf"{front}10^{{{int(power)}}}"
        return str(super().visit_Constant(node))

    def visit_Attribute(self, node: ast.Attribute) -> str:
        """A stream's property by its symbol, all else by its name."""
        if node.attr in STATE and not _is_self(node.value):
            return rf"{STATE[node.attr]}^{{{self.label(node.value)}}}"
        if node.attr in KEYED and not _is_self(node.value):
            return rf"{KEYED[node.attr]}^{{{self.label(node.value)}}}"
        return words(node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> str:
        """What has an index: a species as subscript."""
        value = self.resolved(node.value)
        if isinstance(value, ast.Attribute) and value.attr in KEYED:
            head = KEYED[value.attr]
            return rf"{head}_{{{self.key(node.slice)}}}^{{{self.label(value.value)}}}"
        return rf"{self.write(value)}_{{{self.key(node.slice)}}}"

    def visit_Call(self, node: ast.Call) -> str:
        """A stream's method by its symbol; other functions by name with their arguments."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Name):
            name = node.func.id
        if name in METHODS and isinstance(node.func, ast.Attribute) and node.args:
            head = METHODS[name]
            return rf"{{{head}}}_{{{self.key(node.args[0])}}}^{{{self.label(node.func.value)}}}"
        if name == "get" and isinstance(node.func, ast.Attribute) and node.args:
            return rf"{self.write(node.func.value)}_{{{self.key(node.args[0])}}}"
        if name in _PLAIN and len(node.args) == 1:
            return self.write(node.args[0])
        if name in _SMALL or name == "sum":
            return str(super().visit_Call(node))
        given = [self.write(a) for a in node.args if not isinstance(a, ast.Starred)]
        given += [self.write(k.value) for k in node.keywords if k.arg]
        head = name.strip("_").replace("_", r"\ ") or "f"
        return rf"\mathrm{{{head}}}\left({', '.join(given)}\right)"

    def visit_BinOp(self, node: ast.BinOp) -> str:
        """A product always shows its dot, so that words do not run together."""
        if isinstance(node.op, ast.Pow):
            return rf"{{{self.factor(node.left)}}}^{{{self.write(node.right)}}}"
        if not isinstance(node.op, ast.Mult):
            return str(super().visit_BinOp(node))
        parts = [self.factor(node.left), self.factor(node.right)]
        return r" \cdot ".join(parts)

    def factor(self, node: ast.expr) -> str:
        """A factor of a product or a base, in brackets if it is a sum."""
        node = self.resolved(node)
        text = self.write(node)
        sum_of = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
        return rf"\left({text}\right)" if sum_of or isinstance(node, ast.UnaryOp) else text

    def generic_visit(self, node: ast.AST) -> str:
        """What has no form in mathematics, as it is written."""
        return words(ast.unparse(node).replace("_", " "))

    def visit_IfExp(self, node: ast.IfExp) -> str:
        """The case that holds when there is something to hold."""
        return rf"\left({self.write(node.body)}\ \text{{or}}\ {self.write(node.orelse)}\right)"


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "unit")


def chemical(text: str) -> str:
    """A formula with its numbers as indices and its charge as exponent; other text as it is."""
    text = text.replace("{", "").replace("}", "").replace("_", r"\ ").replace("%", r"\%")
    text = text.replace("#", r"\#").replace("&", r"\&")
    if not re.fullmatch(r"[A-Z][A-Za-z0-9+\-()]*(\(s\))?", text):
        return text.replace(" ", r"\ ").replace("->", r"\to ")
    charge = re.search(r"(?<=[A-Za-z0-9)])([+\-]|\(\d[+\-]\))$", text)
    tail = ""
    if charge:
        text, tail = text[: charge.start()], f"^{{{charge[0].strip('()')}}}"
    return re.sub(r"(?<=[A-Za-z)])(\d+)", r"_{\1}", text) + tail
