"""From subuser to customer: names, candidates, evidence, decisions."""
