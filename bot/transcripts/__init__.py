"""Transcripts: conversations in Markdown that office staff can read, run as tests and played on the demo's page.

`reading` turns the text into steps, `stage` performs them on phones of the simulator, `player` does so at a pace
that people can follow. The bot itself never imports this package.
"""
