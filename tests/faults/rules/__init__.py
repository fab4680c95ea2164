"""What is particular to one feature. `inconsistencies` yields items and objects that do not agree with each other."""
