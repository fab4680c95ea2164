"""What is particular to one feature.

`inconsistencies` yields items and objects that do not agree with each other. TOTALS: attributes that it computes from
other items, so that they differ if a function has left its first steps behind.
"""
