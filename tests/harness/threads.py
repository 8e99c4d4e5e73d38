"""Many at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(calls, slow=None):
    """Run the calls in threads that start together; the results, or the exceptions, in their order. `slow` is an
    execute wrapper put around every statement: it widens the gap in which a missing lock shows."""
    calls = list(calls)
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait()
            if slow is None:
                return call()
            with connection.execute_wrapper(slow):
                return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
