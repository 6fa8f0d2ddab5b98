"""For Pyomo users: importing this module registers noxsolve's solvers with Pyomo.

`import noxsolve` alone stays light and registers nothing. After `import noxsolve.pyomo`,
`SolverFactory("noxsolve_ipopt")`, `"noxsolve_bonmin"` and `"noxsolve_highs"` work, in Pyomo's
new and in its old interface.
"""

from noxsolve.minlp import in_place_of_ipopt
from noxsolve.plugin import NoxsolveBonmin, NoxsolveIpopt, register

__all__ = ["NoxsolveBonmin", "NoxsolveIpopt", "in_place_of_ipopt", "register"]

register()
