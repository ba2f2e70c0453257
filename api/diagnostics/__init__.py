"""Issues told: as text for people, as JSON, as GitHub's annotations, as SARIF."""
