"""Thermodynamics as algebra: functions of floats, NumPy arrays and Pyomo expressions alike.

Enthalpies count from the elements at 298.15 K. SI everywhere: J/mol, K, Pa, mol/kg, m3/mol.
"""
