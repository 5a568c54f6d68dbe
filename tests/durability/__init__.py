"""Any process may die at any moment: nothing is lost, nothing counts twice."""
