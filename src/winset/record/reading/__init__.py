"""Documents into proposed statements: what each says, with the words that carry it. Proposes, never decides."""
