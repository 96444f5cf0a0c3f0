"""Accounts and public reviewer profiles."""
