"""Class mode without a server: teams exchange offers against a clock, and the whole session is its log of events.

    action + state -> events (`moves`) -> log on disk (`journal`) -> state (`state`) -> what one sees (`views`)

Knows neither the web nor economics: what a package is worth is handed in (`worth`).
"""
