"""Words every room shares: money, dates, calendars, states, errors. Must not import Django, Celery or HTTP."""
