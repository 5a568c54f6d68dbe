"""The auditor's ten questions: what each rests on, as plain rows with the entries behind them.

What belongs here: one pure builder for each question, and who may ask. What never does: words for a
reader (api/question_words.py), a page, or a number that no entry, log line or verdict holds.
"""
