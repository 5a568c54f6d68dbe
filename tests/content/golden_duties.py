"""The golden table: facts, and what follows on the authority's clock, counted by hand.

What belongs here: rows, each with the sum that leads to its time. What never does: how a row is
told (golden_facts.py). "law at once" and "guideline at once" stand before our own target, which
takes the place of a number that the law does not give: 48 hours of a serious incident, 24 of a
critical one, two working days (of China) of a milder one. "asks legal" is a rule that nobody
verified: no due time until legal has read the law.
"""

from tests.content.golden_facts import Golden, rows_of

CHINA = """
CN-ADR-GENERAL | hurt CN mild 2026-03-02 09:00 | law 2026-04-01 23:59 | 2 March + 30
CN-ADR-GENERAL | hurt CN mild 2026-03-02 00:00 | law 2026-04-01 23:59 | the first minute of the day
CN-ADR-GENERAL | hurt CN mild 2026-03-02 23:59 | law 2026-04-01 23:59 | the last minute of the day
CN-ADR-GENERAL | hurt CN treated 2026-01-31 12:00 | law 2026-03-02 23:59 | 31 January + 30, 28 of them in February
CN-ADR-GENERAL | hurt CN mild 2028-01-30 12:00 | law 2028-02-29 23:59 | + 30 is the leap day
CN-ADR-GENERAL | hurt CN mild 2026-12-15 10:00 | law 2027-01-14 23:59 | over the end of the year
CN-ADR-GENERAL | hurt CN mild 2026-09-02 09:00 | law 2026-10-02 23:59 | ends in the National Day week, and does not move
CN-ADR-GENERAL | hurt CN mild 2026-01-20 09:00 | law 2026-02-19 23:59 | ends in the Spring Festival, and does not move
CN-ADR-GENERAL | hurt CN infection 2026-03-02 09:00 | possibly law 2026-04-01 23:59 | review: the clock runs
CN-ADR-SERIOUS | hurt CN hospitalised 2026-03-02 09:00 | law 2026-03-17 23:59 | 2 + 15
CN-ADR-SERIOUS | hurt CN death 2026-03-01 23:59 | law 2026-03-16 23:59 | a minute before the next day
CN-ADR-SERIOUS | hurt CN disfigurement 2026-02-06 09:00 | law 2026-02-21 23:59 | a Saturday in the Spring Festival, not moved
CN-ADR-SERIOUS | hurt CN hospitalised 2026-12-20 09:00 | law 2027-01-04 23:59 | over the end of the year
CN-ADR-SERIOUS | hurt CN hospitalised 2028-02-20 09:00 | law 2028-03-06 23:59 | 20 + 15 - 29: a leap year
CN-ADR-SERIOUS | hurt CN hospitalised 2027-02-20 09:00 | law 2027-03-07 23:59 | 20 + 15 - 28: no leap year
CN-ADR-SERIOUS | hurt CN infection 2026-03-02 09:00 | possibly law 2026-03-17 23:59 | review: the clock runs
CN-ADR-SOCIAL | report marked CN 2026-03-02 09:00 | law 2026-03-05 23:59 | 2 + 3
CN-ADR-SOCIAL | report marked CN 2026-03-02 22:30 | law 2026-03-05 23:59 | from knowing it, not from the report after midnight
CN-ADR-SOCIAL | report marked CN 2026-03-04 09:00 | law 2026-03-07 23:59 | a Saturday, not moved
CN-ADR-SOCIAL | report marked CN 2026-12-30 09:00 | law 2027-01-02 23:59 | over the end of the year, New Year's holiday
CN-ADR-SOCIAL | report harmless CN 2026-03-02 09:00; hurt CN death 2026-03-03 10:00 | possibly law 2026-03-06 23:59 | asked, from knowing of that person: 3 + 3
CN-ADR-SOCIAL | report harmless CN 2026-03-02 09:00; hurt US death 2026-03-03 10:00; hurt CN mild 2026-03-04 10:00; hurt CN death 2026-03-06 10:00 | possibly law 2026-03-09 23:59 | nobody is asked because of the one abroad, nor of the mild one: 6 + 3
CN-ADR-SELF-SERIOUS | hurt CN hospitalised 2026-03-02 09:00 | asks legal: 20 d day_after CN | one copy of a flow chart
CN-ADR-SELF-SERIOUS | hurt CN hospitalised 2026-03-02 09:00; legal 20 d | law 2026-03-22 23:59 | 2 + 20 once legal has read it
CN-ADR-SELF-SERIOUS | hurt CN hospitalised 2026-03-02 09:00; legal 20 wd | law 2026-03-30 23:59 | working days, if legal reads them so
CN-ADR-SELF-SOCIAL | report marked CN 2026-03-02 09:00 | asks legal: 10 d day_after CN | one copy of a flow chart
CN-ADR-SELF-SOCIAL | report marked CN 2026-03-02 22:30; legal 10 d | law 2026-03-12 23:59 | 2 + 10, from knowing it
CN-RECALL-STOP | report serious CN 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | 48 hours of ours
CN-RECALL-STOP | report critical CN 2026-03-02 09:00 | possibly law at once 2026-03-03 09:00 | 24 hours of ours
CN-RECALL-STOP | recall CN 2026-03-04 09:00 | law at once 2026-03-05 09:00 | from the first knowledge, a day before the decision
CN-RECALL-CMO | firm CN contract_manufacturer; report serious CN 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | to the registrant
CN-RECALL-CMO | firm CN operator; recall CN 2026-03-04 09:00 | law at once 2026-03-05 09:00 | to the registrant, from the first knowledge
CN-SAMPLING-FAIL | report harmless CN 2026-03-02 09:00; act sampling_failed_safety CN 2026-03-04 10:00 | law at once 2026-03-06 10:00 | the failed sample makes it serious
CN-SAMPLING-FAIL | report harmless CN 2026-03-02 09:00; act sampling_failed_other CN 2026-03-04 10:00 | law at once 2026-03-06 23:59 | two working days of ours
CN-ORDER46-33-STOP | fault foreign_body_sharp; report own CN 2026-03-02 09:00 | law at once 2026-03-04 23:59 | told in the first report
CN-ORDER46-33-STOP | report harmless CN 2026-03-02 09:00; learn foreign_body_sharp 2026-03-09 10:00 | law at once 2026-03-11 10:00 | found a week later; it makes it serious: 48 hours
CN-ORDER46-33-STOP | report harmless CN 2026-02-02 09:00; learn microbial_limit 2026-02-13 10:00 | possibly law at once 2026-02-24 23:59 | Saturday 14 made up, then the Spring Festival to 23
CN-CONSUMER-LAW-19 | report serious CN 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | beside art. 44: counsel says
CN-CONSUMER-LAW-19 | recall CN 2026-03-04 09:00 | possibly law at once 2026-03-05 09:00 | possible also once a recall is decided
CN-CONSUMER-LAW-19 | report serious CN 2026-03-02 09:00; class CN consumer_product | possibly law at once 2026-03-04 09:00 | it speaks of all goods
CN-ORDER46-34-RESTART | stop 2025-01-06 09:00; resume 2026-03-02 09:00 | law 2026-03-16 23:59 | 3-6, 9-13, 16 March
CN-ORDER46-34-RESTART | stop 2024-09-02 09:00; resume 2025-09-22 09:00 | law 2025-10-11 23:59 | 23-26, Sunday 28 made up, 29-30 September, 9-10, Saturday 11 October made up
CN-ORDER46-34-RESTART | stop 2024-12-02 09:00; resume 2026-02-09 09:00 | law 2026-02-28 23:59 | 10-13, Saturday 14 made up, Spring Festival to 23, 24-27, Saturday 28 made up
CN-ORDER46-34-RESTART | stop 2024-12-02 09:00; resume 2025-12-24 09:00 | law 2026-01-08 23:59 | 25-26, 29-31 December, Sunday 4 January made up, 5-8
"""

UNION = """
EU-COS-23-SUE | hurt DE hospitalised 2026-03-02 09:00 | guideline 2026-03-22 23:59 | 2 + 20, a Sunday, not moved
EU-COS-23-SUE | hurt DE hospitalised 2026-03-20 09:00 | guideline 2026-04-09 23:59 | over the change of the clock
EU-COS-23-SUE | hurt DE hospitalised 2026-10-10 09:00 | guideline 2026-10-30 23:59 | over the change back
EU-COS-23-SUE | hurt DE hospitalised 2026-04-11 09:00 | guideline 2026-05-01 23:59 | Labour Day, not moved
EU-COS-23-SUE | hurt DE hospitalised 2028-02-15 09:00 | guideline 2028-03-06 23:59 | 15 + 20 - 29: a leap year
EU-COS-23-SUE | hurt DE hospitalised 2027-02-15 09:00 | guideline 2027-03-07 23:59 | 15 + 20 - 28: no leap year
EU-COS-23-SUE | hurt FR death 2026-06-30 23:59 | guideline 2026-07-20 23:59 | the last minute of June
EU-COS-23-SUE | hurt FR death 2026-07-01 00:00 | guideline 2026-07-21 23:59 | the first minute of July
EU-COS-23-SUE | hurt FR hospitalised 2026-12-20 09:00 | guideline 2027-01-09 23:59 | over the end of the year
EU-COS-23-SUE | hurt FR disfigurement 2026-03-02 09:00 | possibly guideline 2026-03-22 23:59 | no disfigurement in the Union's list
EU-COS-23-SUE | firm EU distributor; hurt DE hospitalised 2026-03-02 09:00 | guideline 2026-03-22 23:59 | distributors too
EU-COS-23-SUE-FU | hurt DE hospitalised 2026-03-02 09:00; file EU-COS-23-SUE 2026-03-05 09:00; news 2026-03-09 09:00 | asks legal: at once DE | no time for it was read
EU-COS-23-SUE-FU | hurt DE hospitalised 2026-03-02 09:00; file EU-COS-23-SUE 2026-03-05 09:00; news 2026-03-09 09:00; legal 10 d | guideline 2026-03-19 23:59 | 9 + 10 once legal has read it
EU-COS-5-2 | report serious DE 2026-03-02 09:00 | possibly asks legal: at once DE | the Union's text was not read again
EU-COS-5-2 | report serious DE 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
EU-COS-5-2 | recall FR 2026-03-04 09:00 | asks legal: at once FR | certain once a recall is decided
EU-GPSR-20 | hurt DE hospitalised 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | no number of days; counsel says on the overlap
EU-GPSR-20 | hurt FR death 2026-03-02 09:00 | possibly law at once 2026-03-03 09:00 | 24 hours of ours after a death
EU-GPSR-20-SUPPLY | firm EU importer; hurt DE hospitalised 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | to the manufacturer
EU-GPSR-20-SUPPLY | firm EU distributor; hurt FR hospitalised 2026-03-28 12:00 | possibly law at once 2026-03-30 13:00 | 48 hours over the change of the clock
EU-GPSR-22-12 | firm EU marketplace; report serious DE 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | actual knowledge
EU-GPSR-22-12 | firm EU marketplace; recall DE 2026-03-04 09:00 | law at once 2026-03-05 09:00 | from the first knowledge
EU-GPSR-35 | recall DE 2026-03-04 09:00 | law at once 2026-03-06 09:00 | from the decision; consumers within 48 hours of ours
EU-GPSR-35 | recall FR 2026-10-24 12:00 | law at once 2026-10-26 11:00 | 48 hours over the change back
XI-COS-23-SUE | hurt XI hospitalised 2026-03-02 09:00 | asks legal: 20 d day_after GB-NIR | one secondary source
XI-COS-23-SUE | hurt XI hospitalised 2026-03-02 09:00; legal 20 d | guideline 2026-03-22 23:59 | 2 + 20 once legal has read it
XI-COS-23-SUE-FU | hurt XI hospitalised 2026-03-02 09:00; file XI-COS-23-SUE 2026-03-05 09:00; news 2026-03-09 09:00 | asks legal: at once GB-NIR | one secondary source
XI-COS-23-SUE-FU | hurt XI hospitalised 2026-03-02 09:00; file XI-COS-23-SUE 2026-03-05 09:00; news 2026-03-09 09:00; legal 10 d | guideline 2026-03-19 23:59 | 9 + 10 once legal has read it
XI-COS-5-2 | report serious XI 2026-03-02 09:00 | possibly asks legal: at once GB-NIR | one secondary source
XI-COS-5-2 | report serious XI 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
XI-GPSR-20 | hurt XI hospitalised 2026-03-02 09:00 | possibly asks legal: at once GB-NIR | one secondary source
XI-GPSR-20 | hurt XI hospitalised 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
XI-GPSR-20-SUPPLY | firm XI importer; hurt XI hospitalised 2026-03-02 09:00 | possibly asks legal: at once GB-NIR | one secondary source
XI-GPSR-20-SUPPLY | firm XI importer; hurt XI hospitalised 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
XI-GPSR-22-12 | firm XI marketplace; report serious XI 2026-03-02 09:00 | possibly asks legal: at once GB-NIR | one secondary source
XI-GPSR-22-12 | firm XI marketplace; report serious XI 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
XI-GPSR-35 | recall XI 2026-03-04 09:00 | asks legal: at once GB-NIR | one secondary source
XI-GPSR-35 | recall XI 2026-03-04 09:00; legal at once | law at once 2026-03-06 09:00 | from the decision
UK-23-SUE | hurt GB hospitalised 2026-03-02 09:00 | law at once 2026-03-04 09:00 | no number of days in Great Britain
UK-23-SUE | hurt UK death 2026-03-02 09:00 | law at once 2026-03-03 09:00 | UK is written too
UK-23-SUE | hurt GB disfigurement 2026-03-28 12:00 | possibly law at once 2026-03-30 13:00 | 48 hours over the change of the clock
UK-COS-5-2 | report serious GB 2026-03-02 09:00 | possibly asks legal: at once GB | read once
UK-COS-5-2 | report serious GB 2026-03-02 09:00; legal at once | possibly law at once 2026-03-04 09:00 | 48 hours of ours
"""

AMERICA = """
US-MOCRA-SAER | hurt US hospitalised 2026-03-02 10:00 | law 2026-03-23 23:59 | 3-6, 9-13, 16-20, 23 March
US-MOCRA-SAER | hurt US hospitalised 2026-03-06 10:00 | law 2026-03-27 23:59 | from a Friday: three whole weeks
US-MOCRA-SAER | hurt US hospitalised 2026-03-07 10:00 | law 2026-03-27 23:59 | from a Saturday: Monday is day one
US-MOCRA-SAER | hurt US hospitalised 2026-01-12 10:00 | law 2026-02-03 23:59 | without Martin Luther King Day, 19 January
US-MOCRA-SAER | hurt US hospitalised 2026-02-09 10:00 | law 2026-03-03 23:59 | without Washington's Birthday, 16 February
US-MOCRA-SAER | hurt US hospitalised 2026-05-18 10:00 | law 2026-06-09 23:59 | without Memorial Day, 25 May
US-MOCRA-SAER | hurt US hospitalised 2026-06-11 10:00 | law 2026-07-06 23:59 | without Juneteenth and 3 July, on which the 4th is observed
US-MOCRA-SAER | hurt US hospitalised 2026-08-31 10:00 | law 2026-09-22 23:59 | without Labor Day, 7 September
US-MOCRA-SAER | hurt US hospitalised 2026-10-05 10:00 | law 2026-10-27 23:59 | without Columbus Day, 12 October
US-MOCRA-SAER | hurt US hospitalised 2026-10-19 10:00 | law 2026-11-09 23:59 | over the change of the clock
US-MOCRA-SAER | hurt US hospitalised 2026-11-02 10:00 | law 2026-11-24 23:59 | without Veterans Day, 11 November
US-MOCRA-SAER | hurt US hospitalised 2026-11-16 10:00 | law 2026-12-08 23:59 | without Thanksgiving, 26 November; the Friday counts
US-MOCRA-SAER | hurt US hospitalised 2026-12-14 10:00 | law 2027-01-06 23:59 | without Christmas and New Year
US-MOCRA-SAER | hurt US hospitalised 2028-02-14 10:00 | law 2028-03-07 23:59 | without 21 February, with the leap day
US-MOCRA-SAER | hurt US infection 2026-03-02 10:00 | law 2026-03-23 23:59 | an infection counts there
US-MOCRA-SAER | hurt US systemic 2026-03-02 10:00 | possibly law 2026-03-23 23:59 | review: the clock runs
US-MOCRA-SAER | hurt US death 2026-03-01 20:00 | law 2026-03-20 23:59 | a Sunday evening: Monday 2 is day one
US-MOCRA-SAER-FU | hurt US hospitalised 2026-03-02 10:00; file US-MOCRA-SAER 2026-03-10 10:00; news 2026-04-06 10:00 | possibly law 2026-04-27 23:59 | 7-10, 13-17, 20-24, 27 April
US-MOCRA-SAER-FU | hurt US hospitalised 2026-03-02 10:00; file US-MOCRA-SAER 2026-03-10 10:00; news 2027-03-09 10:00 | possibly law 2027-03-30 23:59 | a day before the year is over: 10-12, 15-19, 22-26, 29-30 March
US-MOCRA-SAER-FU | hurt US hospitalised 2026-03-02 10:00; file US-MOCRA-SAER 2026-03-10 10:00; news 2026-12-18 10:00 | possibly law 2027-01-12 23:59 | 21-24, 28-31 December, 4-8, 11-12 January
US-CFR-7-46 | recall US 2026-03-04 09:00 | request at once 2026-03-06 09:00 | asked for immediately; 48 hours of ours from the decision
US-CFR-7-46 | recall US 2026-03-07 09:00 | request at once 2026-03-09 10:00 | 48 hours over the change of the clock
US-CFR-7-53 | recall US 2026-03-04 09:00; file US-CFR-7-46 2026-03-05 10:00 | request 2026-03-19 23:59 | 5 + 14
US-CFR-7-53 | recall US 2026-03-04 09:00; file US-CFR-7-46 2026-03-05 10:00; file US-CFR-7-53 2026-03-18 10:00 | request 2026-04-01 23:59 | the second: 18 + 14
US-CFR-7-53 | recall US 2026-03-04 09:00; file US-CFR-7-46 2026-03-05 10:00; file US-CFR-7-53 2026-03-18 10:00; file US-CFR-7-53 2026-04-10 10:00 | request 2026-04-24 23:59 | the third, after a late second: 10 + 14
US-CFR-7-53 | recall US 2026-12-15 09:00; file US-CFR-7-46 2026-12-20 10:00 | request 2027-01-03 23:59 | over the end of the year; a Sunday, not moved
US-FDA-PUBLIC-WARNING | report serious US 2026-03-02 09:00; act comment US 2026-03-06 15:00 | possibly guideline 2026-03-07 15:00 | 24 hours from a Friday: a Saturday
US-FDA-PUBLIC-WARNING | report serious US 2026-03-02 09:00; act comment US 2026-03-07 15:00 | possibly guideline 2026-03-08 16:00 | 24 hours over the change of the clock
US-FDA-PUBLIC-WARNING | report serious US 2026-10-26 09:00; act order_recall US 2026-10-31 15:00 | possibly guideline 2026-11-01 14:00 | 24 hours over the change back
US-FDA-PUBLIC-WARNING | report serious US 2026-12-28 09:00; act order_stop US 2026-12-31 12:00 | possibly guideline 2027-01-01 12:00 | over the end of the year
US-MOCRA-FRAGRANCE | report harmless US 2026-03-01 09:00; act inquiry US 2026-03-02 10:00 | possibly asks legal: 30 d day_after US | one source
US-MOCRA-FRAGRANCE | report harmless US 2026-03-01 09:00; act inquiry US 2026-03-02 10:00; legal 30 d | possibly law 2026-04-01 23:59 | 2 + 30 once legal has read it
US-FDC-760-SAER | report harmless US 2026-03-01 09:00; class US drug; hurt US death 2026-03-02 10:00 | asks legal: 15 wd day_after US | from memory
US-FDC-760-SAER | report harmless US 2026-03-01 09:00; class US drug; hurt US death 2026-03-02 10:00; legal 15 wd | law 2026-03-23 23:59 | once legal has read it
US-CPSC-15B-GOODS | report serious US 2026-03-03 10:00; class US consumer_product | possibly law 2026-03-04 10:00 | 24 hours within the week
US-CPSC-15B-GOODS | report serious US 2026-03-06 15:00; class US consumer_product | possibly law 2026-03-09 15:00 | 9 hours of Friday, 15 of Monday
US-CPSC-15B-GOODS | report serious US 2026-11-25 15:00; class US consumer_product | possibly law 2026-11-27 15:00 | 9 hours of Wednesday, 15 of Friday: Thanksgiving stands still
US-CPSC-15B-GOODS | report serious US 2026-12-31 12:00; class US consumer_product | possibly law 2027-01-04 12:00 | 12 hours of Thursday, 12 of Monday: New Year stands still
US-CPSC-15B-GOODS | report serious US 2026-03-07 12:00; class US consumer_product | possibly law 2026-03-10 00:00 | known on a Saturday: the whole Monday
CA-CCPSA-14-2-GOODS | report serious CA 2026-03-02 09:00; class CA consumer_product | possibly asks legal: 2 d day_after CA | read once
CA-CCPSA-14-2-GOODS | report serious CA 2026-03-02 22:30; class CA consumer_product; legal 2 d | possibly law 2026-03-04 23:59 | 2 + 2 once legal has read it
CA-CCPSA-14-3-GOODS | report serious CA 2026-03-02 09:00; class CA consumer_product | possibly asks legal: 10 d day_after CA | read once
CA-CCPSA-14-3-GOODS | report serious CA 2026-03-02 22:30; class CA consumer_product; legal 10 d | possibly law 2026-03-12 23:59 | 2 + 10 once legal has read it
"""

AUSTRALIA = """
AU-131 | hurt AU hospitalised 2026-03-02 09:00 | law 2026-03-04 23:59 | 2 + 2
AU-131 | hurt AU death 2026-03-05 09:00 | law 2026-03-07 23:59 | a Saturday, not moved
AU-131 | hurt AU hospitalised 2026-03-07 09:00 | law 2026-03-09 23:59 | Canberra Day, not moved
AU-131 | hurt AU hospitalised 2026-12-31 09:00 | law 2027-01-02 23:59 | over the end of the year
AU-131 | hurt AU hospitalised 2028-02-28 09:00 | law 2028-03-01 23:59 | over the leap day
AU-131 | hurt AU hospitalised 2026-04-04 09:00 | law 2026-04-06 23:59 | over the change of the clock, Easter Monday
AU-131 | hurt AU treated 2026-03-02 09:00 | possibly law 2026-03-04 23:59 | a person judges how serious
AU-128 | recall AU 2026-03-04 09:00 | guideline 2026-03-06 09:00 | 48 hours from the decision
AU-128 | recall AU 2026-03-06 17:00 | guideline 2026-03-08 17:00 | 48 hours over a weekend
AU-128 | recall AU 2026-04-04 10:00 | guideline 2026-04-06 09:00 | 48 hours over the change back
AU-128 | recall AU 2026-10-03 10:00 | guideline 2026-10-05 11:00 | 48 hours over the change of the clock
AU-128-OVERSEAS | recall AU 2026-03-04 09:00 | possibly law 2026-03-14 23:59 | 4 + 10, a Saturday, not moved
AU-128-OVERSEAS | recall AU 2026-12-15 09:00 | possibly law 2026-12-25 23:59 | Christmas Day, not moved
AU-128-OVERSEAS | recall AU 2026-12-28 09:00 | possibly law 2027-01-07 23:59 | over the end of the year
"""

JAPAN_AND_KOREA = """
JP-ADR-15 | hurt JP death 2026-03-02 09:00 | law 2026-03-17 23:59 | 2 + 15
JP-ADR-15 | hurt JP hospitalised 2026-03-02 09:00 | possibly law 2026-03-17 23:59 | predictable or not: a person judges
JP-ADR-15 | hurt JP death 2026-04-20 09:00 | law 2026-05-05 23:59 | Children's Day in the Golden Week, not moved
JP-ADR-15 | hurt JP death 2026-12-20 09:00 | law 2027-01-04 23:59 | over the end of the year
JP-ADR-15 | hurt JP death 2028-02-20 09:00 | law 2028-03-06 23:59 | 20 + 15 - 29: a leap year
JP-ADR-15 | hurt JP treated 2026-03-02 23:59 | possibly law 2026-03-17 23:59 | treatment may last 30 days
JP-ADR-30 | hurt JP hospitalised 2026-03-02 09:00 | possibly law 2026-04-01 23:59 | 2 March + 30
JP-ADR-30 | hurt JP hospitalised 2026-04-03 09:00 | possibly law 2026-05-03 23:59 | a Sunday in the Golden Week, not moved
JP-ADR-30 | hurt JP hospitalised 2028-01-31 09:00 | possibly law 2028-03-01 23:59 | 31 January + 30, 29 of them in February
JP-RECALL-START | recall JP 2026-03-04 09:00 | law at once 2026-03-06 09:00 | from the decision
JP-RECALL-CHANGE | recall JP 2026-03-04 09:00; file JP-RECALL-START 2026-03-05 09:00; widen 2026-03-10 09:00 | possibly law at once 2026-03-12 09:00 | from the change
JP-RECALL-STATUS | recall JP 2026-03-04 09:00; act inquiry JP 2026-03-10 09:00 | possibly law at once 2026-03-12 09:00 | from the request
JP-RECALL-END | recall JP 2026-03-04 09:00; done JP 2026-04-06 09:00 | law at once 2026-04-08 09:00 | from the completion
KR-RECALL-PLAN | report serious KR 2026-03-02 09:00 | possibly law at once 2026-03-04 09:00 | on knowing it
KR-RECALL-PLAN | recall KR 2026-03-04 09:00 | law at once 2026-03-05 09:00 | from the first knowledge
KR-RECALL-1 | recall KR 2026-03-04 09:00 | possibly asks legal: 15 d day_after KR | the enforcement rule was not read
KR-RECALL-1 | recall KR 2026-03-04 09:00; legal 15 d | possibly law 2026-03-19 23:59 | 4 + 15 once legal has read it
KR-RECALL-23 | recall KR 2026-03-04 09:00 | possibly asks legal: 30 d day_after KR | the enforcement rule was not read
KR-RECALL-23 | recall KR 2026-03-04 09:00; legal 30 d | possibly law 2026-04-03 23:59 | 4 March + 30 once legal has read it
"""

TAIWAN = """
TW-SAE | hurt TW hospitalised 2026-03-02 09:00 | law 2026-03-16 23:59 | 2 + 14: the day of knowing is day one
TW-SAE | hurt TW death 2026-03-02 23:59 | law 2026-03-16 23:59 | the last minute of day one
TW-SAE | hurt TW hospitalised 2026-02-06 09:00 | law 2026-02-20 23:59 | Lunar New Year, not moved
TW-SAE | hurt TW hospitalised 2026-03-07 09:00 | law 2026-03-21 23:59 | a Saturday, not moved
TW-SAE | hurt TW hospitalised 2026-12-20 09:00 | law 2027-01-03 23:59 | over the end of the year
TW-SAE | hurt TW hospitalised 2028-02-20 09:00 | law 2028-03-05 23:59 | 20 + 14 - 29: a leap year
TW-SAE | hurt TW systemic 2026-03-02 09:00 | possibly law 2026-03-16 23:59 | not in the list of the act
TW-SAE-HAZARD | report serious TW 2026-03-02 22:30 | possibly law 2026-03-16 23:59 | from knowing it, not from the report after midnight
TW-SAE-HAZARD | report serious TW 2026-03-07 10:00 | possibly law 2026-03-21 23:59 | a Saturday, not moved
TW-SAE-HAZARD | recall TW 2026-03-05 09:00 | law 2026-03-18 23:59 | known on the 4th: 4 + 14
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-03-10 10:00 | law 2026-04-10 23:59 | a month from the 11th ends with the 10th
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-01-30 10:00 | law 2026-02-28 23:59 | February ends before; a holiday, not moved
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-01-31 10:00 | law 2026-02-28 23:59 | a month from 1 February
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2028-01-30 10:00 | law 2028-02-29 23:59 | a leap year
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-01-15 10:00 | law 2026-02-15 23:59 | a month from the 16th ends with the 15th; a Sunday, not moved
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-11-30 10:00 | law 2026-12-31 23:59 | from 1 December: all of December
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-02-28 10:00 | law 2026-03-31 23:59 | from 1 March: all of March
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2028-02-28 10:00 | law 2028-03-28 23:59 | from the leap day, 29 February
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2028-02-29 10:00 | law 2028-03-31 23:59 | the day after the leap day is 1 March
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2028-01-31 10:00 | law 2028-02-29 23:59 | from 1 February: all of it, with the leap day
TW-RECALL-CLASS-1 | fault forbidden_ingredient; act order_recall TW 2026-08-31 10:00 | law 2026-09-30 23:59 | September ends before
TW-RECALL-CLASS-1 | fault pathogen; act order_recall TW 2026-12-31 10:00 | possibly law 2027-01-31 23:59 | over the end of the year; a person judges the class
TW-RECALL-CLASS-2 | fault efficacy_claim; act order_recall TW 2026-03-10 10:00 | law 2026-05-10 23:59 | a Sunday, not moved
TW-RECALL-CLASS-2 | fault efficacy_claim; act order_recall TW 2026-12-31 10:00 | law 2027-02-28 23:59 | over the end of the year; February ends before
TW-RECALL-CLASS-2 | fault efficacy_claim; act order_recall TW 2026-06-30 10:00 | law 2026-08-31 23:59 | from 1 July: all of July and August
TW-RECALL-CLASS-2 | fault pathogen; act order_recall TW 2026-07-31 10:00 | possibly law 2026-09-30 23:59 | September ends before
TW-RECALL-CLASS-3 | act order_recall TW 2026-03-10 10:00 | possibly law 2026-09-10 23:59 | a breach of labelling
TW-RECALL-CLASS-3 | act order_recall TW 2026-04-10 10:00 | possibly law 2026-10-10 23:59 | National Day and a Saturday, not moved
TW-RECALL-CLASS-3 | act order_recall TW 2026-08-31 10:00 | possibly law 2027-02-28 23:59 | over the end of the year
TW-RECALL-CLASS-3 | act order_recall TW 2026-09-30 10:00 | possibly law 2027-03-31 23:59 | from 1 October to the end of March
TW-RECALL-NOTIFY | act order_recall TW 2026-03-10 10:00 | law 2026-03-17 23:59 | 10 + 7
TW-RECALL-NOTIFY | act order_recall TW 2026-02-08 10:00 | law 2026-02-15 23:59 | a Sunday before Lunar New Year, not moved
TW-RECALL-NOTIFY | act order_recall TW 2026-12-28 10:00 | law 2027-01-04 23:59 | over the end of the year
TW-RECALL-PLAN | act order_recall TW 2026-03-10 10:00 | law 2026-03-24 23:59 | 10 + 14
TW-RECALL-PLAN | act order_recall TW 2026-02-07 10:00 | law 2026-02-21 23:59 | a Saturday after Lunar New Year, not moved
TW-RECALL-RESULT | recall TW 2026-03-04 09:00; done TW 2026-04-06 09:00 | possibly law 2026-04-20 23:59 | 6 + 14; the recall was not ordered
TW-RECALL-RESULT | recall TW 2026-03-04 09:00; act order_recall TW 2026-03-05 09:00; done TW 2026-04-04 09:00 | law 2026-04-18 23:59 | 4 + 14, a Saturday, not moved
"""

SOUTH_EAST_ASIA = """
SG-RECALL-PRENOTIFY | recall SG 2026-03-04 09:00 | asks legal: -24 h open_days SG-HSA | one page that quotes HSA
SG-RECALL-PRENOTIFY | recall SG 2026-03-04 09:00; begins SG 2026-03-11 09:00; legal -24 h | guideline 2026-03-10 09:00 | a Wednesday: a day before
SG-RECALL-PRENOTIFY | recall SG 2026-03-04 09:00; begins SG 2026-03-09 09:00; legal -24 h | guideline 2026-03-07 09:00 | 9 hours of Monday, 15 of Saturday
SG-RECALL-PRENOTIFY | recall SG 2026-02-10 09:00; begins SG 2026-02-19 09:00; legal -24 h | guideline 2026-02-16 09:00 | Lunar New Year stands still, 17 and 18 February
SG-RECALL-PRENOTIFY | recall SG 2026-12-21 09:00; begins SG 2026-12-26 10:00; legal -24 h | guideline 2026-12-24 10:00 | Christmas stands still, the Saturday counts
SG-RECALL-PRENOTIFY | recall SG 2026-03-04 09:00; legal -24 h | guideline 2026-03-03 09:00 | nothing planned: a day before the decision
SG-SAE-FATAL | hurt SG death 2026-03-02 09:00 | asks legal: 7 d day_after SG | from memory
SG-SAE-FATAL | hurt SG death 2026-03-02 09:00; legal 7 d | law 2026-03-09 23:59 | 2 + 7 once legal has read it
SG-SAE-OTHER | hurt SG hospitalised 2026-03-02 09:00 | asks legal: 15 d day_after SG | from memory
SG-SAE-OTHER | hurt SG hospitalised 2026-02-10 09:00; legal 5 wd | law 2026-02-19 23:59 | 11-13, 16, 19 February: without Lunar New Year
SG-SAE-OTHER | hurt SG unknown 2026-03-02 09:00; legal 15 d | possibly law 2026-03-17 23:59 | a person judges
ASEAN-SAE-FATAL | hurt TH death 2026-03-02 09:00 | asks legal: 7 d day_after TH | from memory
ASEAN-SAE-FATAL | hurt MY death 2026-03-02 09:00; legal 7 d | guideline 2026-03-09 23:59 | the seventh day after; days off in Malaysia do not matter
ASEAN-SAE-OTHER | hurt ID hospitalised 2026-03-02 09:00; legal 15 d | guideline 2026-03-17 23:59 | the fifteenth day after, Jakarta time
ASEAN-SAE-OTHER | hurt VN hospitalised 2026-03-02 09:00 | asks legal: 15 d day_after VN | from memory
"""

ROWS: tuple[Golden, ...] = tuple(
    row
    for table in (CHINA, UNION, AMERICA, AUSTRALIA, JAPAN_AND_KOREA, TAIWAN, SOUTH_EAST_ASIA)
    for row in rows_of(table)
)
