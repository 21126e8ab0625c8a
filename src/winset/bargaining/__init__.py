"""Payoffs in, agreements out. Knows no economics.

Lists of packages: `finite`, `additive`, `lotteries`, over the dominance filter of `dominance`. Packages of degree:
`problem` states them, `evaluator` remembers what was evaluated, `goals` and `search` optimise, `frontier`,
`solutions` and `mixed` answer. Consent: `voting`, `ratification`, `winsets`, `relaxation`. Play: `alternating`,
`deadlines`, `counter`, `linkage`. Three parties and more: `coalitions`, `nash_in_nash`, `staged`. Draws:
`uncertainty`. Results turn into plain data in `plain`.
"""
