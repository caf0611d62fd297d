problem-no-place-left = No place is left.
problem-gone = This page no longer exists.
