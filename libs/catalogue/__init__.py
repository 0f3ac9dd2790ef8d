"""Items, departments, sub-districts and the tree of units: versioned data and pure look-ups."""
