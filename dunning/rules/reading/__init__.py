"""What customers write, read by rules of one file per language. Precision comes first: a wrong promise is worse than
none, so whatever is doubted, negated, asked, conditional or said in two ways is left to a person. Pure."""
