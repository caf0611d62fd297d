problem-no-place-left = Il ne reste aucune place.
problem-gone = Cette page n’existe plus.
