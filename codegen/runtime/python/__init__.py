"""What every operation shares: requests, retries, answers, streams, pages, errors. Nothing here knows a particular API."""
