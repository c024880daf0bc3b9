"""PyTorch's data parallelism on the CPU: the course's DCGAN in one process, and in several over gloo.

Reads tasks, a line each, and answers each with a line:

    versions                what it runs on
    alone BATCH SECONDS     seconds of one step in this process on two threads, the mean over so many seconds
    ranks N BATCH CALLS     seconds of one step by N processes of a thread each that share the batch out, the
                            mean over so many calls after the first few

Both make the same step: DistributedDataParallel averages the gradients of either network while its backward pass
goes on. The critic's weights ask for no gradients in the generator's update, or they would be sent in it as well.
Running statistics stay each process's own, for which nothing is sent.
"""

import contextlib
import os
import platform
import sys
import tempfile
import time

from answers import mean_seconds, refuse, serve, unknown

try:
    import torch
    from torch import distributed, multiprocessing
    from torch.nn import functional as F
    from torch.nn.parallel import DistributedDataParallel

    import networks
except ImportError as error:
    refuse(error)

# Calls before those that are timed.
WARM_UP = 5


class Game:
    """The step of twin.py's `dcgan`; `spread` makes a network one of several copies."""

    def __init__(self, batch, spread=lambda network: network):
        generator, self.bare_critic = networks.dcgan((1, 32, 32))
        self.generator, self.critic = spread(generator), spread(self.bare_critic)
        adam = lambda network: torch.optim.Adam(network.parameters(), 2e-4, (0.5, 0.999))
        self.of_generator, self.of_critic = adam(self.generator), adam(self.critic)
        self.real = torch.rand(batch, 1, 32, 32) * 2 - 1

    def step(self):
        fake = self.generator(torch.randn(len(self.real), 100))
        real_scores, fake_scores = self.critic(self.real), self.critic(fake.detach())
        self.descend(self.of_critic, F.softplus(-real_scores).mean() + F.softplus(fake_scores).mean())
        self.bare_critic.requires_grad_(False)
        self.descend(self.of_generator, F.softplus(-self.bare_critic(fake)).mean())
        self.bare_critic.requires_grad_(True)

    def descend(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def alone(batch, seconds):
    torch.set_num_threads(2)
    return mean_seconds(Game(batch).step, seconds)


def rank(number, count, batch, calls, meeting, answers):
    # gloo says on the output how many it has reached, where only answers belong.
    os.dup2(2, 1)
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    with contextlib.suppress(AttributeError, OSError):  # Not every system binds processes to cores.
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[number]})
    torch.set_num_threads(1)
    torch.manual_seed(number)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=number, world_size=count)
    game = Game(batch // count, lambda network: DistributedDataParallel(network, broadcast_buffers=False))
    for _ in range(WARM_UP):
        game.step()
    distributed.barrier()
    began = time.perf_counter()
    for _ in range(calls):
        game.step()
    distributed.barrier()
    if number == 0:
        answers.put((time.perf_counter() - began) / calls)
    distributed.destroy_process_group()


def ranks(count, batch, calls):
    if batch % count:
        raise ValueError(f"{count} processes cannot share out {batch} samples")
    with tempfile.TemporaryDirectory() as folder:
        answers = multiprocessing.get_context("spawn").SimpleQueue()
        given = count, batch, calls, os.path.join(folder, "meeting"), answers
        multiprocessing.spawn(rank, given, nprocs=count)
        return answers.get()


def answer(words):
    match words:
        case ["versions"]:
            return f"PyTorch {torch.__version__}, Python {platform.python_version()}"
        case ["alone", batch, seconds]:
            return alone(int(batch), float(seconds))
        case ["ranks", count, batch, calls]:
            return ranks(int(count), int(batch), int(calls))
    raise unknown(words)


if __name__ == "__main__":
    serve(answer)
