"""Views of a solution: tables, drawings, heat cascade, outlets, balances redone from JSON."""
