"""Readers of other libraries' data; the only modules that import Cantera or CoolProp."""
