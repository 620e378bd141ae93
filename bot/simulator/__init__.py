"""Telegram on one machine: a strict Bot API server on loopback and the phones of simulated people.

It obeys the Bot API's limits, texts and orders so that what passes here passes there. It takes no part in the
bot: only the command line and tests start it, and it imports nothing else of this project.
"""
