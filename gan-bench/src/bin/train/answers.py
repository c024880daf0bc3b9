"""What the twins share: tasks are read, a line each, and answered, a line each."""

import contextlib
import sys
import time


def serve(answer):
    """Answers tasks until there are no more; `answer` is given the words of one."""
    for line in sys.stdin:
        try:
            # Only answers belong on the output.
            with contextlib.redirect_stdout(sys.stderr):
                result = answer(line.split())
        except Exception as error:
            reason = (str(error) or "no reason").strip().splitlines()[0]
            result = f"error: {type(error).__name__}: {reason}"
        print(result, flush=True)


def refuse(error):
    """Ends the program; the reason is the answer to the first task."""
    sys.exit(print(f"error: {error}", flush=True))


def unknown(words):
    return ValueError(f"`{' '.join(words)}` is no task")


def parsed(game):
    """The recipe and the shape of its images: digits where the word, such as `dcgan:3x64x64`, has none."""
    recipe, _, shape = game.partition(":")
    return recipe, tuple(int(n) for n in shape.split("x")) if shape else (1, 32, 32)


def mean_seconds(step, window):
    """Seconds of one call of `step`, the mean over calls that take `window` together, of at least two."""
    for _ in range(2):
        step()
    calls, began = 0, time.perf_counter()
    while True:
        step()
        calls += 1
        elapsed = time.perf_counter() - began
        if elapsed >= window and calls > 1:
            return elapsed / calls
