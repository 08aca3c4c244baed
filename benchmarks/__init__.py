"""Side-by-side measurements of Passline beside what its databases can do by hand."""
