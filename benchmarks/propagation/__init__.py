"""From an edit by the API until every redirect process answers with it."""
