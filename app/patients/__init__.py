"""Patients: find one, tell their number, give them access to the portal again."""
