"""Connections as they really are: heads, bodies and answers in pieces, clients that leave."""
