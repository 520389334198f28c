"""Figures for people: bandwidth, revenue, customer; one grain each."""
