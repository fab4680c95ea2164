"""What each feature stores about a person, for `dev forget`.

person  the identifiers of a person, and how to find and replace them
stores  the tables and buckets of a stack, and what is found in them

The module of a feature has `OWN`: for each of its tables, whether an item is the person's own. These items are
deleted. In all other items, the sub and the e-mail address are replaced. `find` yields what else the feature stores,
and items that are treated otherwise. What leads to other items comes after them, so that an interrupted run can be
repeated.
"""
