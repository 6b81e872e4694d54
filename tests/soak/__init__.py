"""The exactness campaign: tagged scans through real HTTP while one part after the other fails, then the count."""
