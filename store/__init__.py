"""I know the tables of our own records and no reasons; migrations are mine."""
