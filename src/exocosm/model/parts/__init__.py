"""The typed parts of a model, one file a noun. Attribute names are the keys of scenario files."""
