"""Realistic sample data: a municipality's office with four years behind it.

Nobody and nothing in it is real but the organisations that the plan names, and every e-mail address ends in
.example, which no mail reaches.
"""
