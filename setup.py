"""Which folders become which packages; everything else stands in pyproject.toml.

The packages are found, not listed: a list by hand silently drops new subpackages from the wheel.
"""

from __future__ import annotations

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), *find_packages("solvers"), "noxplant.flowsheets"])
