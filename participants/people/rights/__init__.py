"""What a person is entitled to, and what the law asks of those who hold their data: trace, access, erasure, terms."""
