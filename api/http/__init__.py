"""HTTP's rules as pure functions: header text in, value out."""
