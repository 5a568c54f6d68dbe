"""Which place a calendar code means: the clock of its authorities, and what is known of its days.

What belongs here: the closed lists that activities/calendars.py builds from. What never does: days
off themselves (the `holidays` package), clock changes (`tzdata`) or arithmetic (domain/clock.py).

Several clocks. The plain code of a country with several clocks stands on that of the authority that
duties go to, in or by the capital: Madrid and not the Canary Islands, Lisbon and not the Azores,
Paris and not Réunion, Jakarta and not Papua, Brasília time and not Manaus. A region with a clock of
its own is in `REGION_ZONES`.
"""

from typing import Final

ZONES: Final = {
    "CN": "Asia/Shanghai",
    "US": "America/New_York",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "TW": "Asia/Taipei",
    "SG": "Asia/Singapore",
    "AU": "Australia/Sydney",
    "CA": "America/Toronto",
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki", "GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest",
    "IE": "Europe/Dublin", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest", "SE": "Europe/Stockholm", "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "BN": "Asia/Brunei", "ID": "Asia/Jakarta", "KH": "Asia/Phnom_Penh", "LA": "Asia/Vientiane",
    "MM": "Asia/Yangon", "MY": "Asia/Kuala_Lumpur", "PH": "Asia/Manila", "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
    "BR": "America/Sao_Paulo", "CH": "Europe/Zurich", "HK": "Asia/Hong_Kong",
    "MX": "America/Mexico_City", "NZ": "Pacific/Auckland",
}  # fmt: skip
"""The clock of a country's authorities; where it has several, that of the one duties go to."""

REGION_ZONES: Final = {
    "AU-ACT": "Australia/Sydney",
    "AU-NSW": "Australia/Sydney",
    "AU-NT": "Australia/Darwin",
    "AU-QLD": "Australia/Brisbane",
    "AU-SA": "Australia/Adelaide",
    "AU-TAS": "Australia/Hobart",
    "AU-VIC": "Australia/Melbourne",
    "AU-WA": "Australia/Perth",
    "CA-AB": "America/Edmonton",
    "CA-BC": "America/Vancouver",
    "CA-ON": "America/Toronto",
    "CA-QC": "America/Toronto",
    "US-CA": "America/Los_Angeles",
    "US-DC": "America/New_York",
    "US-MD": "America/New_York",
    "US-NY": "America/New_York",
    "BR-AC": "America/Rio_Branco", "BR-AM": "America/Manaus", "BR-MS": "America/Campo_Grande",
    "BR-MT": "America/Cuiaba", "BR-RO": "America/Porto_Velho", "BR-RR": "America/Boa_Vista",
    "ES-CN": "Atlantic/Canary",
    "FR-971": "America/Guadeloupe", "FR-972": "America/Martinique", "FR-973": "America/Cayenne",
    "FR-974": "Indian/Reunion", "FR-976": "Indian/Mayotte", "FR-BL": "America/St_Barthelemy",
    "FR-MF": "America/Marigot", "FR-NC": "Pacific/Noumea", "FR-PF": "Pacific/Tahiti",
    "FR-PM": "America/Miquelon", "FR-TF": "Indian/Kerguelen", "FR-WF": "Pacific/Wallis",
    "NZ-CIT": "Pacific/Chatham",
    "PT-20": "Atlantic/Azores", "PT-30": "Atlantic/Madeira",
}  # fmt: skip
"""Regions of countries with several clocks; of AU, CA and US another is refused, not guessed."""

LISTED_IN_FULL: Final = frozenset({"BR", "ES", "FR", "NZ", "PT"})
"""Countries of which every region with a clock of its own stands in `REGION_ZONES`: the others keep
the clock of the capital."""

SAME_AS: Final = {"XI": "GB-NIR"}
"""Codes for a place that has another: the EU's law calls Northern Ireland XI."""

SUNDAYS_ONLY: Final = {"SG-HSA": "SG"}
"""Calendars of an authority that leaves out Sundays and public holidays, and counts Saturdays."""

ANNOUNCED_THROUGH: Final = {"JP": 2027, "KH": 2025, "LA": 2026, "TH": 2026}
"""Last year whose days that follow sun or moon are official, where the package marks no estimate.

Of Japan the equinoxes (Cabinet Office, February 2026, for 2027); of the others the days that follow
the moon, in lists that governments give out a year at a time and the package was held against.
"""

SWAPPED_YEARLY: Final = frozenset({"HU", "LV", "MM", "VN"})
"""Countries besides China that move working days to weekends, by an order for each year.

After the last order that the package holds nobody knows which Saturdays will be worked, and a due
time may come out late: such years are marked.
"""

WORKED_ALL_THE_SAME: Final = {"LI": frozenset({(2, 2), (3, 19)})}
"""Days (month and day) that the package calls public, and not every law of the place does.

Liechtenstein's Arbeitsgesetz, article 18(2), names thirteen days; Candlemas and Saint Joseph, off
by collective agreement, are not among them (only the list for the Council of Europe's convention on
time limits, of 2021, holds them). Counted as off they could make a due time late.
"""
