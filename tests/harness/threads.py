"""Many at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

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


def meeting(parties, before):
    """An execute wrapper for `at_once`: each thread waits before its first statement that starts so until all have come
    there: at most as many as the pool has connections. What only a lock prevents then happens every time, and not only
    when the machine is quick enough."""
    barrier, own = Barrier(parties), local()

    def wait(execute, sql, params, many, context):
        if sql.startswith(before) and not getattr(own, "has_met", False):
            own.has_met = True
            barrier.wait(30)
        return execute(sql, params, many, context)

    return wait
