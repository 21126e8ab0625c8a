"""What governments would choose: optimal tariffs, trade wars and trade talks. Imports the model and core only."""
