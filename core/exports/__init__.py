"""The files for Tableau: column contracts and bytes."""
