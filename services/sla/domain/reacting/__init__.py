"""Which of our commands another service's event calls for (rule 25's table).

Limits reckon from the fact's own time, never from the moment at which it is heard (rule 17).
"""
