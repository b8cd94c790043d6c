"""The measurements, one a file: each answers the question of the same name in ``tree.toml``."""
